import { expect, test } from "vitest";
import { products } from "./products";

test("an unavailable catalog is an empty shop", async () => {
  expect(await products(async () => new Response("", { status: 503 }))).toEqual([]);
});
