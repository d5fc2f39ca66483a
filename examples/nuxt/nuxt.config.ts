export default defineNuxtConfig({
  modules: ["@nuxt/eslint"],
  compatibilityDate: "2025-11-01",
  // devServer: { port: 9999 },
  runtimeConfig: {
    redisUrl: "redis://localhost:6379",
    public: {
      tilesUrl: "https://tiles.example.org",
    },
  },
});
