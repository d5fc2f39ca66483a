import { Component } from "@angular/core";

@Component({
  selector: "app-root",
  template: `<h1>Next ferry: {{ next }}</h1>`,
})
export class App {
  readonly next = "14:20";
}
