// A week after a rule was made: one note to its owner when no event ever had what it looks at.
import type { Doorbell } from '#core/doorbell.ts';
import type { Rule } from '#core/rule.ts';
import { findMarker, setMarker } from '#store/markers.ts';
import { addNote } from '#store/notes.ts';
import { receiversNamed } from '#store/receivers.ts';
import { rulesEditedIn } from '#store/rules-edited.ts';
import type { KindBook } from './kind-book.ts';
import { type RuleHint, ruleHints } from './rule-hints.ts';
import type { World } from './world.ts';

const week = 7 * 86_400_000;
const marker = 'unfit';

/** Looks at the rules whose last edit has become a week old since the last time. Each is told of once. */
export async function noteUnfit(world: World, book: KindBook, now: number): Promise<number> {
  const { db } = world.database;
  const until = now - week;
  const from = (await findMarker(db, marker))?.value ?? until - 86_400_000;
  let told = 0;
  for await (const rules of rulesEditedIn(db, from, until))
    for (const rule of rules) {
      const [hint] = await ruleHints(db, book, rule);
      if (!hint || rule.paused) continue;
      const rings: Doorbell[] = [];
      for (const { id, disabled } of await receiversNamed(db, rule.to))
        if (disabled === null) rings.push(...(await addNote(db, id, sentence(rule, hint), 'info', now)));
      world.ring(rings);
      told++;
    }
  // Last, so that what failed in the middle is looked at again.
  await setMarker(db, marker, until);
  return told;
}

function sentence({ name, topic }: Rule, hint: RuleHint): string {
  const begin = `Your rule “${name}” is a week old and has never looked at anything:`;
  if (hint.is === 'no-events')
    return `${begin} no event of ${topic} has come. If that is as it should be, leave it; otherwise see /topics for what does come.`;
  if (hint.is === 'no-list')
    return `Your rule “${name}” is a week old and asks for your list “${hint.list}”, which is not there: it counts as empty. /my ${hint.list} add … begins it.`;
  const meant = hint.near === undefined ? '' : ` The nearest that does is “${hint.near}”.`;
  return `${begin} no event of ${topic} has a field “${hint.field}”.${meant} /rules changes it.`;
}
