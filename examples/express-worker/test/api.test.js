const request = require("supertest");

jest.mock("../src/queue", () => ({ reminders: { add: jest.fn() } }));

const app = require("../src/api/app");

test("the API is well", async () => {
  await request(app).get("/api/healthcheck").expect(200, { ok: true });
});
