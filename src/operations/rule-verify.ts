// What a rule asks before it tells: the target must be there, unless its name depends on what the alert is about.
import { nearest } from '#core/nearest.ts';
import type { Rule } from '#core/rule.ts';
import { namesOneTarget } from '#core/verify.ts';
import type { Reader } from '#store/connection.ts';
import { targetNames } from '#store/targets.ts';
import type { Fault } from './rule-draft.ts';

/** What is wrong with the rule's `verify`. */
export async function verifyFaults(db: Reader, { verify }: Pick<Rule, 'verify'>): Promise<Fault[]> {
  if (verify === undefined || !namesOneTarget(verify)) return [];
  const names = await targetNames(db);
  if (names.includes(verify)) return [];
  const meant = nearest(verify, names);
  const none = names.length === 0 ? '; none is asked yet, an admin adds one by /sources' : '';
  const text = `there is no target “${verify.slice(0, 60)}”${meant ? `; did you mean “${meant}”?` : none}`;
  return [{ path: 'verify', text }];
}
