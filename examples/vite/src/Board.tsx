import { useEffect, useState } from "react";
import { type Card, columns } from "./columns";

export function Board({ api }: { api: string }) {
  const [cards, setCards] = useState<Card[]>([]);
  useEffect(() => {
    void fetch(`${api}/cards`)
      .then((answer) => answer.json())
      .then(setCards);
  }, [api]);
  return (
    <main>
      {Object.entries(columns(cards)).map(([state, found]) => (
        <section key={state}>
          <h2>{state}</h2>
          <ul>
            {found.map((card) => (
              <li key={card.id}>{card.title}</li>
            ))}
          </ul>
        </section>
      ))}
    </main>
  );
}
