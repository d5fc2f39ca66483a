import { serve } from "@hono/node-server";

import { app } from "#app/app.js";
import { env } from "#app/env.js";

serve({ fetch: app.fetch, port: env.PORT }, ({ port }) => {
  console.log(`links are served on ${port}`);
});
