import { collectDefaultMetrics, Counter, Histogram, register } from "prom-client";

collectDefaultMetrics();

export const requestSeconds = new Histogram({
  name: "shop_http_request_duration_seconds",
  help: "Duration of HTTP requests.",
  labelNames: ["method", "route", "code"],
  buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
});

export const checkouts = new Counter({
  name: "shop_checkouts_total",
  help: "Checkouts by outcome.",
  labelNames: ["outcome"],
});

export { register };
