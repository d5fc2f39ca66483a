import express from "express";

const PORT = Number.parseInt(process.env.TIDES_PORT || "4173", 10);

const app = express();
app.disable("x-powered-by");
app.use("/assets", express.static("bundle/client/assets", { immutable: true, maxAge: "1y" }));
app.use(express.static("bundle/client", { maxAge: "1h" }));
app.use(await import("./bundle/server/index.js").then((module) => module.app));

app.listen(PORT, () => {
  console.log(`Listening on ${PORT}`);
});
