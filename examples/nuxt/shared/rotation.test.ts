import { expect, test } from "vitest";

import { next } from "./rotation";

test("brassicas follow legumes", () => {
  expect(next("legumes")).toBe("brassicas");
});
