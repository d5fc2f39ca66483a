import { expect, test } from "vitest";
import { createApp } from "./app.js";

test("feedback is queued", async () => {
  const queued: string[] = [];
  const app = createApp(async (_queue, message) => queued.push(message));
  const payload = { author: "Ada", stars: 5, text: "good" };
  expect((await app.inject({ method: "POST", url: "/feedback", payload })).statusCode).toBe(202);
  expect(queued).toEqual([JSON.stringify(payload)]);
});
