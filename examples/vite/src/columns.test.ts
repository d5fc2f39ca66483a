import { expect, test } from "vitest";
import { columns } from "./columns";

test("cards are sorted into columns", () => {
  const card = { id: 1, title: "milk", state: "doing" as const };
  expect(columns([card])).toEqual({ todo: [], doing: [card], done: [] });
});
