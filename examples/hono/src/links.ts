import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import { Hono } from "hono";
import postgres from "postgres";

import { env } from "#app/env.js";
import { links as table } from "#app/schema.js";

const db = drizzle(postgres(env.POSTGRES_URL));

export const links = new Hono()
  .get("/:slug", async (c) => {
    const [found] = await db.select().from(table).where(eq(table.slug, c.req.param("slug")));
    return found ? c.redirect(found.target) : c.notFound();
  })
  .get("/:slug/status", (c) => c.json({ slug: c.req.param("slug") }));
