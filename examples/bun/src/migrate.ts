import { sql } from "./database";

await sql`CREATE TABLE IF NOT EXISTS flags (name text PRIMARY KEY, enabled boolean NOT NULL DEFAULT false)`;
await sql.end();
