import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";

export default defineConfig({
  server: { port: 3999 },
  plugins: [remix({ ignoredRouteFiles: ["**/*.test.{ts,tsx}"] })],
});
