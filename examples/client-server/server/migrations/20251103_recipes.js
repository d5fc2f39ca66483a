exports.up = (knex) =>
  knex.schema.createTable("recipes", (table) => {
    table.increments();
    table.string("title");
  });

exports.down = (knex) => knex.schema.dropTable("recipes");
