/** Cubic metres as litres. */
export function litres(cubicMetres: number): number {
  return Math.round(cubicMetres * 1000);
}
