import { expect, test } from "vitest";

import { valid } from "./isbn";

test("a wrong digit is found", () => {
  expect(valid("978-3-16-148410-0")).toBe(true);
  expect(valid("978-3-16-148410-1")).toBe(false);
});
