/** Water in percent of the flour, both in grams. */
export function hydration(water: number, flour: number): number {
  return Math.round((water / flour) * 100);
}
