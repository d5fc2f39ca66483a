const config = require("config");

module.exports = {
  client: "mysql2",
  connection: {
    host: config.get("database.host"),
    port: config.get("database.port"),
    database: config.get("database.name"),
    user: "recipes",
    password: config.has("database.password") ? config.get("database.password") : undefined,
  },
  migrations: { directory: "./db/migrations" },
};
