const ORDER = ["legumes", "brassicas", "roots", "potatoes"];

/** What a plot bears in the year after a crop. */
export function next(crop: string): string {
  return ORDER[(ORDER.indexOf(crop) + 1) % ORDER.length] ?? ORDER[0]!;
}
