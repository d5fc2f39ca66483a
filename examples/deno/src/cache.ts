import { createClient } from "redis";

export const cache = createClient({ url: Deno.env.get("REDIS_URL") ?? "redis://localhost:6379" });
await cache.connect();
