const { Sequelize } = require("sequelize");

const env = require("./env");

module.exports = new Sequelize("invoices", "invoices", env.DB_PASSWORD, {
  dialect: "mysql",
  host: env.DB_HOST,
  port: 3306,
});
