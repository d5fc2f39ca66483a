const { expect } = require("chai");
const request = require("supertest");
const Koa = require("koa");

const probes = require("../src/probes");

describe("probes", () => {
  it("answers", async () => {
    const app = new Koa().use(probes.routes());
    const response = await request(app.callback()).get("/-/health");
    expect(response.body.ok).to.equal(true);
  });
});
