import { expect, test, vi } from "vitest";

vi.mock("postgres", () => ({ default: () => ({}) }));

test("livez", async () => {
  const { app } = await import("../src/app.js");
  expect((await app.request("/livez")).status).toBe(200);
});
