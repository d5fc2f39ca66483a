import node from "@astrojs/node";
import { defineConfig, envField } from "astro/config";

export default defineConfig({
  output: "server",
  adapter: node({ mode: "standalone" }),
  server: { host: true, port: 8321 },
  env: {
    schema: {
      DATABASE_URL: envField.string({ context: "server", access: "secret" }),
      REDIS_URL: envField.string({ context: "server", access: "secret", default: "redis://localhost:6379" }),
    },
  },
});
