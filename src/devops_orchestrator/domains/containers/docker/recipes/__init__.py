"""How each stack becomes an image: one module a stack, each with `recipe(Job) -> Recipe`."""
