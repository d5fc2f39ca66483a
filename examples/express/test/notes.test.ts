import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "../src/app.js";
import { pool } from "../src/database.js";

const server = createApp(pool).listen(0);
const url = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

beforeAll(async () => {
  await pool.query("CREATE TABLE IF NOT EXISTS notes (id serial PRIMARY KEY, body text NOT NULL)");
});

afterAll(async () => {
  server.close();
  await pool.end();
});

test("health", async () => {
  expect(await (await fetch(url("/health"))).json()).toEqual({ status: "ok" });
});

test("a note is found again", async () => {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url("/notes"), { method: "POST", headers, body: JSON.stringify({ body: "milk" }) });
  expect(answer.status).toBe(201);
  const [newest] = await (await fetch(url("/notes"))).json();
  expect(newest.body).toBe("milk");
});
