import { ShipsController } from "./ships.controller";

test("the next ship has a berth", () => {
  expect(new ShipsController().next().berth).toBe("Berth 4");
});
