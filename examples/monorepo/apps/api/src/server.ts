import { Redis } from "ioredis";
import { createApp } from "./app.js";

const redis = new Redis(process.env.REDIS_URL ?? "redis://localhost:6379");
const port = Number(process.env.PORT) || 4000;

await createApp((queue, message) => redis.rpush(queue, message)).listen({ port, host: "0.0.0.0" });
