import env from "@fastify/env";
import postgres from "@fastify/postgres";
import fp from "fastify-plugin";

const schema = {
  type: "object",
  required: ["DATABASE_URL", "CARRIER_TOKEN"],
  properties: {
    PORT: { type: "integer", default: 8081 },
    DATABASE_URL: { type: "string" },
    CARRIER_TOKEN: { type: "string" },
    CARRIER_URL: { type: "string", default: "https://carrier.example.org/api" },
  },
};

export default fp(async (app) => {
  await app.register(env, { schema, dotenv: true });
  await app.register(postgres, { connectionString: app.config.DATABASE_URL });
});
