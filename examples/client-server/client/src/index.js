import { h, render } from "preact";

import { sorted } from "./sorted";

fetch("/api/recipes")
  .then((answer) => answer.json())
  .then((recipes) =>
    render(
      h("ul", null, sorted(recipes).map((recipe) => h("li", null, recipe.title))),
      document.getElementById("recipes"),
    ),
  );
