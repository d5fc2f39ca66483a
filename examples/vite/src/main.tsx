import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Board } from "./Board";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Board api={import.meta.env.VITE_API_URL ?? "/api"} />
  </StrictMode>,
);
