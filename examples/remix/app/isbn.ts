/** Whether the last digit of an ISBN-13 checks the others. */
export function valid(isbn: string): boolean {
  const digits = [...isbn.replaceAll("-", "")].map(Number);
  return digits.length === 13 && digits.reduce((sum, digit, at) => sum + digit * (at % 2 ? 3 : 1), 0) % 10 === 0;
}
