import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";

const database = drizzle(process.env.CHOIR_DATABASE_URL!);

export async function rehearsals() {
  const found = await database.execute<{ day: string }>(sql`SELECT day FROM rehearsals ORDER BY day`);
  return found.rows;
}
