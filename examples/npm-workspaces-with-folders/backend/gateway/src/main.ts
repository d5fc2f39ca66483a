import { check } from "@lockers/codes";
import Fastify from "fastify";
import { createPool } from "mysql2/promise";

const pool = createPool(process.env.LOCKERS_DB as string);
const app = Fastify();

app.get("/gateway/ready", async () => {
  await pool.query("SELECT 1");
  return { ready: true };
});
app.post<{ Body: { code: string } }>("/open", async ({ body }) => ({ open: check(body.code) }));

await app.listen({ host: "0.0.0.0", port: Number(process.env.PORT ?? 5005) });
