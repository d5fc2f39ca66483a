module.exports = { client: "pg", connection: process.env.RECIPES_DSN };
