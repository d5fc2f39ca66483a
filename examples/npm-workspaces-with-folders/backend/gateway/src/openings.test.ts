import { expect, test } from "vitest";

import { rate } from "./openings";

test("two in an hour", () => {
  expect(rate([0, 3_600_000])).toBe(2);
});
