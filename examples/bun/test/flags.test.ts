import { expect, mock, test } from "bun:test";

mock.module("../src/database", () => ({ sql: async () => [{ name: "dark-mode", enabled: true }] }));

test("flags are a map", async () => {
  const { flags } = await import("../src/flags");
  expect(await flags()).toEqual({ "dark-mode": true });
});
