import { expect, test } from "bun:test";

import { weeks } from "./weeks";

test("days to weeks", () => {
  expect(weeks(15)).toBe(2);
});
