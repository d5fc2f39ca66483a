import { isFeedback, QUEUE } from "@feedback/shared";
import fastify from "fastify";

type Push = (queue: string, message: string) => Promise<unknown>;

export function createApp(push: Push) {
  const app = fastify({ logger: true });

  app.get("/healthz", async () => ({ status: "ok" }));

  app.post("/feedback", async (request, reply) => {
    if (!isFeedback(request.body)) {
      return reply.code(422).send({ error: "author, stars and text are needed" });
    }
    await push(QUEUE, JSON.stringify(request.body));
    return reply.code(202).send();
  });

  return app;
}
