import { createServer } from "node:http";
import { env } from "node:process";

import { record } from "./lib/journal.mjs";
import { publish } from "./lib/publish.mjs";

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://relay.example.org");
  switch (pathname) {
    case "/health/live":
      return response.end("ok");
    case "/hooks":
      if (request.method !== "POST") return response.writeHead(405).end();
      record(pathname);
      await publish("hooks.received", request);
      return response.writeHead(202).end();
    default:
      return response.writeHead(404).end();
  }
});

server.listen(env.LISTEN_PORT);
