const request = require("supertest");

const app = require("../src/app");

test("answers", async () => {
  await request(app).get("/api/ping").expect(200, "pong");
});
