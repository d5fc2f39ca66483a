/** Whether the desk is open at an hour of the day. */
export function open(hour: number): boolean {
  return hour >= 7 && hour < 19;
}
