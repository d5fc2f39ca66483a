const app = require("./app");
const env = require("../env");

const server = app.listen(env.API_PORT, () => console.log(`API on ${env.API_PORT}`));

process.on("SIGTERM", () => server.close());
