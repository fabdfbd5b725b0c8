// Waiting for a condition instead of a time.

/** Asks again and again until the answer is truthy, and returns it; fails with the last error after `ms`. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  ms = 20_000,
): Promise<NonNullable<T>> {
  const end = performance.now() + ms;
  let last: unknown;
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      last = error;
      if (error instanceof Error && error.message.startsWith('the program ended')) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`waited ${ms} ms in vain until ${what}${last ? `; last: ${String(last)}` : ''}`);
}
