import { flags } from "./flags";

const server = Bun.serve({
  // Bun itself would take 3000.
  port: Bun.env.FLAGS_PORT ?? 3210,
  routes: {
    "/up": new Response("OK"),
    "/flags": { GET: async () => Response.json(await flags()), POST: () => new Response(null, { status: 405 }) },
    "/flags/:name": async (request) => Response.json((await flags())[request.params.name] ?? false),
  },
  fetch: () => new Response("Not found", { status: 404 }),
});

console.log(`flags on ${server.url}`);
