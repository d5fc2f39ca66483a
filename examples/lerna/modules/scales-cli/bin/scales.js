#!/usr/bin/env node
const { program } = require("commander");
const { honey } = require("@bees/weights");

program
  .argument("<gross>", "kilograms on the scales", Number)
  .option("--tare <kilograms>", "weight of the empty hive", Number, 14)
  .action((gross, { tare }) => console.log(honey(gross, tare)));

program.parse();
