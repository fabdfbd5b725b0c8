// What must stand somewhere in an event for a rule to ask about it, so that the ledger need not send the others.
import type { Lists } from '#core/condition.ts';
import { type Condition, isMatcher } from '#core/condition.ts';
import { own } from '#core/own.ts';

const ending = ['resolved', 'acknowledged'];

/**
 * For each condition that asks for one of a few values, the texts of which one must be in the event as the ledger keeps
 * it. A missing field equals the empty text, so conditions that ask for that need nothing. `ends`: what only ends what is
 * open is wanted too, whatever else it says.
 */
export function needlesOf(match: readonly Condition[], lists: Lists = {}, ends = false): string[][] {
  return match.flatMap((condition) => {
    const values = valuesOf(condition, lists);
    // The ledger takes no NUL, neither in events nor in questions.
    if (!values || values.length > 20 || values.some((value) => value === '' || value.includes('\u0000')))
      return [];
    return [[...new Set([...values.flatMap(written), ...(ends ? ending : [])])]];
  });
}

function valuesOf(condition: Condition, lists: Lists): readonly string[] | undefined {
  if (isMatcher(condition)) return condition.op === '=' ? [condition.value] : undefined;
  if ('list' in condition && condition.op === 'in') return own(lists, condition.list) ?? [];
  if ('any' in condition) {
    const parts = condition.any.map((part) => valuesOf(part, lists));
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }
  return undefined;
}

// As text inside JSON, and as JSON by itself: numbers, truths and objects are compared as they are written.
function written(value: string): string[] {
  return [value, JSON.stringify(value).slice(1, -1)];
}
