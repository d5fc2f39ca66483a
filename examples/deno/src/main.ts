import { route } from "@std/http/unstable-route";
import { serveDir } from "@std/http/file-server";

import { forecast } from "~/forecast.ts";

const routes = [
  { pattern: new URLPattern({ pathname: "/ping" }), handler: () => new Response("pong") },
  {
    pattern: new URLPattern({ pathname: "/forecast/:city" }),
    handler: (_: Request, match?: URLPatternResult | null) => forecast(match?.pathname.groups.city ?? ""),
  },
];

const port = Number(Deno.env.get("PORT") ?? "9090");
// The default of Deno.serve would be 8000.
Deno.serve({ port }, route(routes, (request) => serveDir(request, { fsRoot: "public", quiet: true })));
