// The shelf of kinds, in the order in which people are offered them.
import type { Kind } from '../kind.ts';
import { absence } from './absence.ts';
import { change } from './change.ts';
import { count } from './count.ts';
import { every } from './every.ts';
import { expression } from './expression.ts';
import { increase } from './increase.ts';
import { quorum } from './quorum.ts';
import { ratio } from './ratio.ts';
import { threshold } from './threshold.ts';

export const kinds: readonly Kind[] = [
  threshold,
  change,
  count,
  absence,
  increase,
  ratio,
  quorum,
  expression,
  every,
];

/** The kind of this name, or undefined. */
export function kindNamed(name: string): Kind | undefined {
  return kinds.find((kind) => kind.name === name);
}
