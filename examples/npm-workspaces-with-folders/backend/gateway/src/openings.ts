/** Openings an hour, of their times in milliseconds. */
export function rate(times: number[]): number {
  return times.length < 2 ? 0 : times.length / ((Math.max(...times) - Math.min(...times)) / 3_600_000);
}
