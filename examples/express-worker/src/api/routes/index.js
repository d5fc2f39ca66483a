const { Router } = require("express");

const { reminders } = require("../../queue");

const api = Router();
const admin = Router();

// Probed by the load balancer every ten seconds.
api.get("/healthcheck", (request, response) => response.json({ ok: true }));
api.post("/invoices/:id/remind", async (request, response) => {
  await reminders.add("one", { customer: request.params.id });
  response.sendStatus(202);
});
admin.get("/health", (request, response) => response.sendStatus(204)); // never mounted

module.exports = { api, admin };
