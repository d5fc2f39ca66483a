import { count } from "./count";

test("counts", () => {
  expect(count(["wren", "robin", "wren"])).toEqual({ wren: 2, robin: 1 });
});
