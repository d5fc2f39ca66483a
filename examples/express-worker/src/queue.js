const IORedis = require("ioredis");
const { Queue } = require("bullmq");

const env = require("./env");

const connection = new IORedis(env.REDIS_URL, { maxRetriesPerRequest: null });

module.exports = { connection, reminders: new Queue("reminders", { connection }) };
