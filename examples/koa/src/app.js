const path = require("node:path");
const Koa = require("koa");
const bodyParser = require("koa-bodyparser");
const serve = require("koa-static");

const recipes = require("./recipes");
const probes = require("./probes");

const app = new Koa();

app.use(bodyParser());
app.use(serve(path.join(__dirname, "../web")));
app.use(probes.routes());
app.use(recipes.routes());

module.exports = app;
