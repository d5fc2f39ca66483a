/** Kilograms of honey in a hive. */
exports.honey = (gross, tare) => Math.max(0, gross - tare);
