// Sample: shows the maker of a rule what it will look like, clearly marked.
import type { Actor } from '#core/actor.ts';
import { asText, sayNumber } from '#core/field.ts';
import type { Json } from '#core/json.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import type { Rule } from '#core/rule.ts';
import { severitySign } from '#core/severity.ts';
import { topicMatches } from '#core/topic.ts';
import type { Tx } from '#store/connection.ts';
import { addNote } from '#store/notes.ts';
import { receiversOf } from '#store/receivers.ts';
import { findRule } from '#store/rules.ts';
import { topicsSeen } from '#store/topics.ts';
import type { KindBook } from './kind-book.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Tells a sample to whoever asks, or where the rule tells when they have no address of their own. */
export function sampleRule(
  world: World,
  actor: Actor,
  input: { ruleId: string; book: KindBook },
  now: number,
): Promise<Outcome<{ receivers: string[] }>> {
  return write(world, actor, 'sample-rule', now, async (tx) => {
    const rule = await findRule(tx, input.ruleId);
    if (!rule) return refuse('not-found', 'I do not know this rule any more.');
    const refused = await authorise(tx, actor, 'rule', rule.ownerId);
    if (refused) return refused;
    const own = actor.is === 'person' ? await receiversOf(tx, [actor.personId]) : [];
    const working = own.filter(({ disabled }) => disabled === null).map(({ id }) => id);
    const receivers = working.length > 0 ? working : rule.to;
    if (receivers.length === 0) return refuse('conflict', 'This rule has nowhere to tell.');
    const severity = rule.severity ?? input.book.usualSeverity;
    const text = [
      'Sample, nothing is wrong. This is how the rule will tell you:',
      `${severitySign[severity]} ${rule.name}: ${await lastSeen(tx, rule, input.book)}`,
    ].join('\n');
    const rings = [];
    for (const id of receivers) rings.push(...(await addNote(tx, id, text, 'info', now)));
    return { ok: true, result: { receivers }, target: rule.id, detail: { receivers }, rings };
  });
}

/** What was really seen last under the rule's topic, or what the rule waits for. */
async function lastSeen(tx: Tx, rule: Rule, book: KindBook): Promise<string> {
  const description = book.describe(rule.kind, rule.params);
  const seen = (await topicsSeen(tx, { limit: 500 })).find(({ topic }) => topicMatches(rule.topic, topic));
  const [last] = Object.entries(seen?.subjects ?? {}).sort(([, a], [, b]) => b.at - a.at);
  if (!last) return `an example\n${description}`;
  const facts = Object.entries(last[1].data)
    .slice(0, 5)
    .map(([name, value]) => `${name} ${sayValue(value)}`);
  return [last[0] || seen!.topic, `${description}. Last seen: ${facts.join(', ') || 'no fields'}`].join('\n');
}

function sayValue(value: Json): string {
  return typeof value === 'number' ? sayNumber(value) : [...(asText(value) ?? '')].slice(0, 60).join('');
}
