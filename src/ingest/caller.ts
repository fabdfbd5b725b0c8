// Who a request comes from, by its key.
import { bounds } from './accept.ts';
import type { Asked } from './asked.ts';
import { type Caller, type KeyBook, keyIn } from './key-book.ts';
import { within } from './patience.ts';
import { type Problem, problems } from './problem.ts';

/** Who sent the request, or the refusal. */
export async function callerOf(keys: KeyBook, request: Asked, now: number): Promise<Caller | Problem> {
  const text = keyIn(request);
  return text === undefined ? problems.unauthorized() : callerBy(keys, text, now);
}

/** Who has this key; at once, where it was known a moment ago. */
export function callerBy(
  keys: KeyBook,
  text: string,
  now: number,
): Caller | Problem | Promise<Caller | Problem> {
  return (
    keys.recall(text, now) ??
    within(bounds.patienceMs, keys.find(text, now)).then(
      (caller) => caller ?? problems.unauthorized(),
      () => problems.away(),
    )
  );
}
