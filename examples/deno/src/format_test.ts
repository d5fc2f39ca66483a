import { assertEquals } from "@std/assert";

Deno.test("degrees", () => {
  assertEquals(`${21}°`, "21°");
});
