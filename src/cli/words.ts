// Words that several commands say alike.

/** “1 rule”, “2,000 rules”. */
export function many(count = 0, one: string, more = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : more}`;
}

/** Says why nothing was done; the exit code. */
export function refused(why: string, print: (text: string) => void): number {
  print(why);
  return 1;
}
