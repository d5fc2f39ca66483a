/** The seats of a row that are free, as ranges. */
export function ranges(free: number[]): string {
  const parts: number[][] = [];
  for (const seat of [...free].sort((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last && last[1] === seat - 1) last[1] = seat;
    else parts.push([seat, seat]);
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(", ");
}
