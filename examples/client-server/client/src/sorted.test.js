const { sorted } = require("./sorted");

test("by title", () => {
  expect(sorted([{ title: "Soup" }, { title: "Bread" }])[0].title).toBe("Bread");
});
