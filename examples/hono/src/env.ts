import { z } from "zod";

const schema = z.object({
  PORT: z.coerce.number().int().default(8787).describe("where the service listens"),
  POSTGRES_URL: z.url(),
  SHORT_DOMAIN: z.string().default("l.example.org"),
  SENTRY_DSN: z.string().optional(),
});

export const env = schema.parse(process.env);
