const express = require("express");
const multer = require("multer");

const routes = require("./routes");

const app = express();
const upload = multer({
  storage: multer.diskStorage({ destination: (request, file, done) => done(null, "uploads/scans") }),
});

app.use(express.json());
app.use("/assets", express.static("public"));
app.use("/api", routes.api);
app.post("/scans", upload.single("scan"), (request, response) => response.sendStatus(201));

module.exports = app;
