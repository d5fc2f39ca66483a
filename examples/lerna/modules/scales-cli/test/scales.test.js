const assert = require("node:assert/strict");
const { test } = require("node:test");

const { honey } = require("@bees/weights");

test("the tare is taken off", () => {
  assert.equal(honey(40, 14), 26);
});
