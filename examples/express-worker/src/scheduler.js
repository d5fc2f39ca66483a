const cron = require("node-cron");

const { reminders } = require("./queue");

cron.schedule("0 7 * * 1-5", () => reminders.add("overdue", { customer: "all" }));
