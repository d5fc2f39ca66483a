import { expect, test } from "vitest";

import { ranges } from "./seats";

test("neighbours become a range", () => {
  expect(ranges([3, 1, 2, 7])).toBe("1–3, 7");
});
