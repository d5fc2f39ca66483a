exports.up = (knex) =>
  knex.schema.createTable("recipes", (table) => {
    table.increments("id");
    table.string("title").notNullable();
    table.string("photo");
  });

exports.down = (knex) => knex.schema.dropTable("recipes");
