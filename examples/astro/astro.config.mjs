import sitemap from "@astrojs/sitemap";
import { defineConfig } from "astro/config";

export default defineConfig({
  site: "https://huts.example.org",
  // output: "server",
  outDir: "./www",
  server: { port: 4400 },
  integrations: [sitemap()],
});
