/** Whole weeks of a number of days. */
export function weeks(days: number): number {
  return Math.floor(days / 7);
}
