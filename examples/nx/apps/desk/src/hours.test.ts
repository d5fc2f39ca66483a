import { expect, test } from "vitest";

import { open } from "./hours";

test("closed at night", () => {
  expect(open(3)).toBe(false);
});
