const Router = require("@koa/router");
const { honey } = require("@bees/weights");
const amqp = require("amqplib");
const Koa = require("koa");

const app = new Koa();
const router = new Router({ prefix: "/station" });

router.get("/heartbeat", (context) => {
  context.body = "buzz";
});
router.get("/honey/:gross", (context) => {
  context.body = { kilograms: honey(Number(context.params.gross), 14) };
});

app.use(router.routes());

async function start() {
  const connection = await amqp.connect(process.env.BROKER_URL || "amqp://localhost");
  await (await connection.createChannel()).assertQueue("weights");
  app.listen(process.env.STATION_PORT || 7007);
}

if (require.main === module) start();

module.exports = app;
