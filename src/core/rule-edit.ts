// What an edit of a rule makes it forget: one answer for whoever saves it and whoever ends its alerts.
import { sameJson } from './json.ts';
import type { Rule } from './rule.ts';

/** `memory`: the kind starts anew, open alerts stay. `everything`: open alerts end too. */
export type Forgotten = 'nothing' | 'memory' | 'everything';

type Asked = Pick<
  Rule,
  'topic' | 'match' | 'kind' | 'key' | 'params' | 'paused' | 'bands' | 'emit' | 'shadow'
>;

/**
 * What is forgotten when a rule gets a new form: everything once it is paused, asks about other things than before, or no
 * longer passes on what it did, so that who heard of a beginning by it hears of its end.
 */
export function forgottenBy(before: Asked, after: Asked): Forgotten {
  const asks = ({ topic, match, kind, key }: Asked) => [topic, match, kind, key];
  if (
    (after.paused && !before.paused) ||
    stopsPassingOn(before, after) ||
    !sameJson(asks(before), asks(after))
  )
    return 'everything';
  const reads = ({ params, bands }: Asked) => [params, bands ?? []];
  return sameJson(reads(before), reads(after)) ? 'nothing' : 'memory';
}

function stopsPassingOn(before: Asked, after: Asked): boolean {
  const passes = before.emit !== undefined && !before.shadow;
  return passes && (after.emit !== before.emit || after.shadow === true);
}
