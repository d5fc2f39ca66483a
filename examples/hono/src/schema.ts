import { pgTable, text } from "drizzle-orm/pg-core";

export const links = pgTable("links", {
  slug: text().primaryKey(),
  target: text().notNull(),
});
