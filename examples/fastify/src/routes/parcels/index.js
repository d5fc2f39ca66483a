export default async function parcels(app) {
  app.get("/:number", async (request, reply) => {
    const { rows } = await app.pg.query("SELECT * FROM parcels WHERE number = $1", [request.params.number]);
    return rows[0] ?? reply.notFound();
  });

  app.get("/:number/status", async (request) => {
    const { rows } = await app.pg.query("SELECT status FROM parcels WHERE number = $1", [request.params.number]);
    return rows[0];
  });
}
