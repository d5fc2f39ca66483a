const assert = require("node:assert/strict");

const app = require("../lib/station");

describe("station", () => {
  it("answers", () => {
    assert.equal(typeof app.callback(), "function");
  });
});
