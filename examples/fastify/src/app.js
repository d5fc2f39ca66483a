import { join } from "node:path";
import autoload from "@fastify/autoload";
import Fastify from "fastify";
import metrics from "fastify-metrics";

import environment from "./environment.js";

export async function buildApp(options = {}) {
  const app = Fastify(options);
  await app.register(environment);
  await app.register(metrics, { endpoint: "/-/metrics" });
  await app.register(autoload, {
    dir: join(import.meta.dirname, "routes"),
    options: { prefix: "/v1" },
  });
  return app;
}
