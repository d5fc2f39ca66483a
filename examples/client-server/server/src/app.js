const express = require("express");
const multer = require("multer");
const knex = require("knex")(require("../knexfile"));

const app = express();
const upload = multer({ dest: "pictures" });

app.use(express.json());
app.get("/api/ping", (request, response) => response.send("pong"));
app.get("/api/recipes", async (request, response) => response.json(await knex("recipes")));
app.post("/api/recipes/:id/picture", upload.single("picture"), (request, response) => response.sendStatus(204));

module.exports = app;
