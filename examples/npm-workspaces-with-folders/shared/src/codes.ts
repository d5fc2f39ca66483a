/** Whether the last digit of a code is the sum of the others, modulo ten. */
export function check(code: string): boolean {
  const digits = [...code].map(Number);
  const last = digits.pop();
  return digits.length > 0 && digits.reduce((sum, digit) => sum + digit, 0) % 10 === last;
}
