// How every transaction of this room begins with rules: held as they are, and read when they changed.
import type { Tx } from '#store/connection.ts';
import { holdRules } from '#store/rules.ts';
import { type Evaluation, RulesUnread } from './evaluation.ts';

/** Holds the rules until the transaction ends, and brings the book up to them. */
export async function openRules(tx: Tx, { book }: Evaluation): Promise<void> {
  const last = await holdRules(tx);
  try {
    await book.refresh(tx, last);
  } catch (cause) {
    throw new RulesUnread('the rules could not be read', { cause });
  }
}
