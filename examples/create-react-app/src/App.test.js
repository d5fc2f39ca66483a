import { render, screen } from "@testing-library/react";

import App from "./App";

test("shows the list", () => {
  global.fetch = () => Promise.resolve({ json: () => [] });
  render(<App />);
  expect(screen.getByLabelText("seeds")).toBeInTheDocument();
});
