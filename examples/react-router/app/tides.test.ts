import assert from "node:assert/strict";
import { test } from "node:test";

import { hours } from "./tides.ts";

test("minutes after midnight", () => {
  assert.equal(hours(125), "02:05");
});
