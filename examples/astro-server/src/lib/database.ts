import { DATABASE_URL } from "astro:env/server";
import postgres from "postgres";

export const sql = postgres(DATABASE_URL);
