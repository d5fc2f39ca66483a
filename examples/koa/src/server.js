const config = require("config");

const app = require("./app");
const listen = require("./listen");

// The port of the database is another one: config.get("database.port").
listen(app, config.get("http.port"));
