/** Minutes after midnight as `hh:mm`. */
export function hours(minutes: number): string {
  return `${Math.floor(minutes / 60)}`.padStart(2, "0") + ":" + `${minutes % 60}`.padStart(2, "0");
}
