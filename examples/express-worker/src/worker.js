const { Worker } = require("bullmq");

const { connection } = require("./queue");
const env = require("./env");

new Worker("reminders", async (job) => console.log(`${env.MAIL_FROM} reminds ${job.data.customer}`), { connection });
