import assert from "node:assert/strict";
import { test } from "node:test";

import { record } from "../lib/journal.mjs";

test("a hook is recorded", () => {
  assert.doesNotThrow(() => record("/hooks"));
});
