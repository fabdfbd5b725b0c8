// A number in a row, in words: 1st, 2nd, 11th, 22nd.

/** The number as it stands in a row. */
export function ordinal(number: number): string {
  const tens = number % 100;
  return `${number}${(tens > 10 && tens < 14 ? undefined : ['th', 'st', 'nd', 'rd'][number % 10]) ?? 'th'}`;
}
