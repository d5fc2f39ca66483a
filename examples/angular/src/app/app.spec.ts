import { TestBed } from "@angular/core/testing";

import { App } from "./app";

describe("App", () => {
  it("shows the next ferry", async () => {
    const fixture = TestBed.createComponent(App);
    await fixture.whenStable();
    expect(fixture.nativeElement.textContent).toContain("14:20");
  });
});
