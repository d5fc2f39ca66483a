/** What a berth is called. */
export function label(berth: number): string {
  return `Berth ${berth}`;
}
