import express, { type Express } from "express";
import type { Pool } from "pg";
import { collectDefaultMetrics, Histogram, register } from "prom-client";

collectDefaultMetrics();
const duration = new Histogram({
  name: "http_request_duration_seconds",
  help: "Duration of HTTP requests in seconds",
  labelNames: ["method", "route", "status"],
});

export function createApp(pool: Pick<Pool, "query">): Express {
  const app = express();
  app.use(express.json());
  app.use((request, response, next) => {
    const stop = duration.startTimer({ method: request.method });
    response.on("finish", () => stop({ route: request.route?.path ?? "unknown", status: response.statusCode }));
    next();
  });

  app.get("/health", (_request, response) => {
    response.json({ status: "ok" });
  });

  app.get("/metrics", async (_request, response) => {
    response.type(register.contentType).send(await register.metrics());
  });

  app.get("/notes", async (_request, response) => {
    const { rows } = await pool.query("SELECT id, body FROM notes ORDER BY id DESC LIMIT 50");
    response.json(rows);
  });

  app.post("/notes", async (request, response) => {
    const { rows } = await pool.query("INSERT INTO notes (body) VALUES ($1) RETURNING id", [request.body.body]);
    response.status(201).json(rows[0]);
  });

  return app;
}
