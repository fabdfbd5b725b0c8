// Declare a topic: which fields its events have, what they mean and in which unit; who reads the catalogue sees it.
import { type Actor, actorName } from '#core/actor.ts';
import { countsOf, type DeclaredField, type DeclaredTopic, topicDocument } from '#core/declared-topic.ts';
import type { Json } from '#core/json.ts';
import { type Outcome, type Refusal, refuse } from '#core/outcome.ts';
import { isOwnTopic, topicFault, topicMatches } from '#core/topic.ts';
import type { Tx } from '#store/connection.ts';
import { findSeen, saveDeclared } from '#store/declared-topics.ts';
import { mayKeepSources } from './create-source.ts';
import type { Fault } from './rule-draft.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

export interface TopicInput {
  topic: string;
  /** The patterns of the key that asks; people need none. */
  keyTopics?: readonly string[];
}

export type DeclareOutcome = Outcome<{ declared: DeclaredTopic }> | (Refusal & { faults: Fault[] });

/** Says it, or says it anew; what lacks a required field is counted from then on. */
export async function declareTopic(
  world: World,
  actor: Actor,
  input: TopicInput & { document: unknown },
  now: number,
): Promise<DeclareOutcome> {
  const { topic } = input;
  const fault = isOwnTopic(topic) ? 'topics below “tocsin” are Tocsin’s own' : topicFault(topic);
  if (fault) return { ...refuse('invalid', `${fault}.`), faults: [{ path: 'topic', text: fault }] };
  const read = topicDocument.safeParse(input.document);
  if (!read.success) {
    const faults = read.error.issues.map((issue) => ({
      path: issue.path.map(String).join('.'),
      text: issue.code === 'unrecognized_keys' ? `there is no “${issue.keys.join(', ')}”` : issue.message,
    }));
    return { ...refuse('invalid', 'What was said about the topic has faults.'), faults };
  }
  const { title, description, strict } = read.data;
  const fields = Object.fromEntries(
    Object.entries(read.data.fields).map(([name, { required, ...rest }]): [string, DeclaredField] => {
      const said = Object.fromEntries(
        Object.entries(rest).filter(([, value]) => value !== undefined && value !== ''),
      );
      return [name, { ...said, ...(required ? { required: true } : {}) }];
    }),
  );
  return write(world, actor, 'declare-topic', now, async (tx) => {
    if (!(await mayDeclare(tx, actor, input))) return refuse('forbidden', notYours(topic));
    const declared: DeclaredTopic = {
      topic,
      title: title || null,
      description: description || null,
      strict,
      fields,
      declaredAt: now,
      declaredBy: actorName(actor),
      base: countsOf(await findSeen(tx, topic)),
    };
    await saveDeclared(tx, declared);
    const detail = JSON.parse(JSON.stringify({ title: declared.title, strict, fields })) as Json;
    return { ok: true, result: { declared }, target: topic, detail };
  });
}

/** Whether the actor may speak of this topic: who may push to it, and who keeps the sources. */
export async function mayDeclare(
  tx: Tx,
  actor: Actor,
  { topic, keyTopics = [] }: TopicInput,
): Promise<boolean> {
  const covered = keyTopics.some((pattern) => topicMatches(pattern, topic));
  if (actor.is === 'key') return covered && actor.scopes.some((scope) => ['ingest', 'admin'].includes(scope));
  return mayKeepSources(tx, actor);
}

/** Why not. */
export function notYours(topic: string): string {
  return `Only who may push to ${topic.slice(0, 100)} can say what its events are.`;
}
