import { pool } from "../database.server";

export async function loader() {
  await pool.query("SELECT 1");
  return new Response("alive");
}
