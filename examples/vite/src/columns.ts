export type Card = { id: number; title: string; state: "todo" | "doing" | "done" };

export function columns(cards: Card[]): Record<Card["state"], Card[]> {
  const found: Record<Card["state"], Card[]> = { todo: [], doing: [], done: [] };
  for (const card of cards) found[card.state].push(card);
  return found;
}
