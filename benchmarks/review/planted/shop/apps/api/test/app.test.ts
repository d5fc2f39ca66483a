import request from "supertest";
import { expect, test } from "vitest";
import { app } from "../src/app.js";

test("is alive", async () => {
  const response = await request(app).get("/health/live");
  expect(response.status).toBe(200);
});

test("an unknown product is not sold", async () => {
  const response = await request(app).post("/api/checkout").send({ sku: "none" });
  expect(response.status).toBe(404);
});
