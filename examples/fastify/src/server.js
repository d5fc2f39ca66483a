import { buildApp } from "./app.js";

const app = await buildApp({ logger: true });

// The load balancer speaks to 80 and 443; this process never listens on them.
// app.listen({ port: 3000 });
await app.listen({ host: "0.0.0.0", port: app.config.PORT });
