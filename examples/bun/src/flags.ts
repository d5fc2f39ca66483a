import { Database } from "bun:sqlite";

import { sql } from "./database";

const cache = new Database("var/cache/flags.sqlite", { create: true });
cache.run("CREATE TABLE IF NOT EXISTS flags (name TEXT PRIMARY KEY, enabled INTEGER)");

export async function flags(): Promise<Record<string, boolean>> {
  const rows = await sql`SELECT name, enabled FROM flags`;
  return Object.fromEntries(rows.map((row) => [row.name, row.enabled]));
}
