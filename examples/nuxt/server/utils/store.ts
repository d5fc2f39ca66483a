import Redis from "ioredis";

let client: Redis | undefined;

export function store(): Redis {
  client ??= new Redis(useRuntimeConfig().redisUrl);
  return client;
}
