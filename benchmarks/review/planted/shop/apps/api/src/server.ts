import { pino } from "pino";
import { app } from "./app.js";
import { close } from "./catalog.js";
import { config } from "./config.js";

const log = pino({ level: config.logLevel });
const server = app.listen(config.port, () => log.info({ port: config.port }, "listening"));

process.on("SIGTERM", () => {
  server.close(() => {
    void close().then(() => process.exit(0));
  });
});
