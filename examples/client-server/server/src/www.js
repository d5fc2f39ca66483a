require("dotenv").config();

const app = require("./app");

const port = process.env.API_PORT || 8800; // was 9999

app.listen(port, () => console.log(`http://localhost:${port}`));
