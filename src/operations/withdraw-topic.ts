// Withdraw what was declared of a topic: what was seen of it stays.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { dropDeclared } from '#store/declared-topics.ts';
import { mayDeclare, notYours, type TopicInput } from './declare-topic.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** From then on nothing is required of its events. */
export function withdrawTopic(
  world: World,
  actor: Actor,
  input: TopicInput,
  now: number,
): Promise<Outcome<{ topic: string }>> {
  return write(world, actor, 'withdraw-topic', now, async (tx) => {
    const { topic } = input;
    if (!(await mayDeclare(tx, actor, input))) return refuse('forbidden', notYours(topic));
    if (!(await dropDeclared(tx, topic)))
      return refuse('not-found', `Nothing was declared about ${topic.slice(0, 100)}.`);
    return { ok: true, result: { topic }, target: topic };
  });
}
