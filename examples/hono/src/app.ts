import { prometheus } from "@hono/prometheus";
import { Hono } from "hono";

import { links } from "#app/links.js";

const { printMetrics, registerMetrics } = prometheus();

// Not mounted any more: app.get("/health", …)
export const app = new Hono()
  .use("*", registerMetrics)
  .get("/internal/metrics", printMetrics)
  .get("/livez", (c) => c.text("ok"))
  .route("/api/links", links);
