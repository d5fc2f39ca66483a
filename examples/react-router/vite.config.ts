import { reactRouter } from "@react-router/dev/vite";
import { defineConfig } from "vite";

export default defineConfig({
  build: { rollupOptions: { input: "./server/app.ts" } },
  plugins: [reactRouter()],
});
