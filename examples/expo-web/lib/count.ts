/** How often each bird was seen. */
export function count(seen: string[]): Record<string, number> {
  return seen.reduce<Record<string, number>>((sums, bird) => ({ ...sums, [bird]: (sums[bird] ?? 0) + 1 }), {});
}
