import { expect, test } from "vitest";

import { hydration } from "./hydration";

test("350 g of water to 500 g of flour", () => {
  expect(hydration(350, 500)).toBe(70);
});
