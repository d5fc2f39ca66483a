import assert from "node:assert/strict";
import { after, test } from "node:test";

import { buildApp } from "../src/app.js";

const app = await buildApp();
after(() => app.close());

test("the service says that it is alive", async () => {
  const response = await app.inject({ url: "/v1/internal/alive" });
  assert.equal(response.statusCode, 200);
});
