export type Feedback = { author: string; stars: 1 | 2 | 3 | 4 | 5; text: string };

export function isFeedback(value: unknown): value is Feedback {
  const found = value as Feedback;
  return typeof found?.author === "string" && typeof found.text === "string" && found.stars >= 1 && found.stars <= 5;
}

export const QUEUE = "feedback";
