import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

const base = import.meta.env.VITE_API_BASE ?? "/api";

function Products() {
  const [titles, setTitles] = useState<string[]>([]);
  useEffect(() => {
    void fetch(`${base}/products`)
      .then((response) => response.json())
      .then((products: { title: string }[]) => setTitles(products.map((one) => one.title)));
  }, []);
  return <ul>{titles.map((title) => <li key={title}>{title}</li>)}</ul>;
}

createRoot(document.getElementById("root")!).render(<StrictMode><Products /></StrictMode>);
