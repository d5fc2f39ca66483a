import { pool } from "./database.js";
import { createApp } from "./app.js";

const port = Number(process.env.PORT ?? 3000);
const server = createApp(pool).listen(port, () => console.log(`listening on ${port}`));

process.on("SIGTERM", () => {
  server.close(() => void pool.end());
});
