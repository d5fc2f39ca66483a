import { fileURLToPath, URL } from "node:url";

import vue from "@vitejs/plugin-vue";
import { defineConfig, loadEnv } from "vite";

const OUTPUT = "../public/app";

export default defineConfig(({ mode }) => {
  const environment = loadEnv(mode, process.cwd());
  return {
    root: "client",
    plugins: [vue()],
    resolve: { alias: { "@": fileURLToPath(new URL("./client/src", import.meta.url)) } },
    server: {
      port: Number(environment.VITE_PORT) || 6100,
      proxy: { "/api": { target: "http://localhost:8080" } },
    },
    preview: { port: 6200 },
    build: { outDir: OUTPUT, emptyOutDir: true },
  };
});
