const http = require("node:http");

module.exports = (app, port) => {
  const server = http.createServer(app.callback());
  server.listen(port, () => console.log(`recipe-box listens on ${port}`));
  process.on("SIGTERM", () => server.close());
  return server;
};
