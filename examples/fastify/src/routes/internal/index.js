export default async function internal(app) {
  // Kubernetes asks here; the old /health is gone since version 2.
  app.get("/alive", async () => ({ status: "up" }));

  app.get("/ready", async () => {
    await app.pg.query("SELECT 1");
    return { status: "ready" };
  });
}
