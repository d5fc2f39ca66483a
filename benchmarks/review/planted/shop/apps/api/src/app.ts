import { createHmac } from "node:crypto";
import express from "express";
import { find, list, ping } from "./catalog.js";
import { config } from "./config.js";
import { checkouts, register, requestSeconds } from "./metrics.js";

export const app = express();
app.disable("x-powered-by");
app.use(express.json());

app.use((request, response, next) => {
  response.setHeader("Access-Control-Allow-Origin", config.corsOrigin);
  const end = requestSeconds.startTimer({ method: request.method });
  response.on("finish", () => {
    end({ route: request.route?.path ?? "other", code: response.statusCode });
  });
  next();
});

app.get("/health/live", (_request, response) => {
  response.json({ status: "ok" });
});

app.get("/health/ready", async (_request, response) => {
  try {
    await ping();
    response.json({ status: "ok" });
  } catch {
    response.status(503).json({ status: "no database" });
  }
});

app.get("/metrics", async (_request, response) => {
  response.type(register.contentType).send(await register.metrics());
});

app.get("/api/products", async (_request, response) => {
  response.json(await list());
});

app.post("/api/checkout", async (request, response) => {
  const product = await find(String(request.body.sku));
  checkouts.inc({ outcome: product ? "accepted" : "refused" });
  if (!product) {
    response.status(404).json({ error: "no such product" });
    return;
  }
  const receipt = createHmac("sha256", config.sessionSecret).update(product.sku).digest("hex");
  response.status(201).json({ receipt });
});
