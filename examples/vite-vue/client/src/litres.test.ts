import { expect, test } from "vitest";

import { litres } from "./litres";

test("a cubic metre", () => {
  expect(litres(1)).toBe(1000);
});
