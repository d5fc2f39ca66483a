import { defineCollection, z } from "astro:content";
import { glob } from "astro/loaders";

export const collections = {
  huts: defineCollection({
    loader: glob({ pattern: "*.md", base: "./src/huts" }),
    schema: z.object({ name: z.string(), beds: z.number() }),
  }),
};
