import { label } from "@harbour/berths";
import { Board } from "@harbour/ui/board";
import { createRoot } from "react-dom/client";

const api = import.meta.env.VITE_HARBOUR_API ?? "https://harbour.example.org";

createRoot(document.getElementById("root")!).render(<Board title={label(4)} source={api} />);
