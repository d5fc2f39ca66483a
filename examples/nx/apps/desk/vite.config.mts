import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig(() => ({
  root: import.meta.dirname,
  server: { port: 4210, host: "localhost" },
  preview: { port: 4310, host: "localhost" },
  plugins: [react()],
  build: { outDir: "../../dist/apps/desk", emptyOutDir: true },
  test: { include: ["src/**/*.test.ts"] },
}));
