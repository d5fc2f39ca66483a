import type { Feedback } from "@feedback/shared";
import { createRoot } from "react-dom/client";

async function send(form: FormData) {
  const feedback: Feedback = {
    author: String(form.get("author")),
    stars: Number(form.get("stars")) as Feedback["stars"],
    text: String(form.get("text")),
  };
  const headers = { "content-type": "application/json" };
  await fetch("/api/feedback", { method: "POST", headers, body: JSON.stringify(feedback) });
}

createRoot(document.getElementById("root")!).render(
  <form action={send}>
    <input name="author" required />
    <input name="stars" type="number" min={1} max={5} required />
    <textarea name="text" required />
    <button>Send</button>
  </form>,
);
