const { cleanEnv, host, port, str, url } = require("envalid");

module.exports = cleanEnv(process.env, {
  API_PORT: port({ default: 5050, desc: "where the API listens" }),
  DB_HOST: host({ default: "database" }),
  DB_PASSWORD: str(),
  REDIS_URL: url({ devDefault: "redis://localhost:6379" }),
  MAIL_FROM: str({ default: "billing@example.org" }),
});
