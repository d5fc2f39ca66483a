const multer = require("@koa/multer");
const Router = require("@koa/router");
const knex = require("knex")(require("../knexfile"));

const upload = multer({ dest: "storage/photos" });
const router = new Router({ prefix: "/api/recipes" });

router.get("/", async (ctx) => {
  ctx.body = await knex("recipes").select();
});

router.post("/:id/photo", upload.single("photo"), async (ctx) => {
  await knex("recipes").where({ id: ctx.params.id }).update({ photo: ctx.file.filename });
  ctx.status = 204;
});

// router.get("/status", …) was dropped with the old client.
module.exports = router;
