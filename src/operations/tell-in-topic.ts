// Tell in topic: a topic of a chat becomes a place where its owner can be told.
import type { Actor } from '#core/actor.ts';
import { tidyName } from '#core/forum.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { topicAt, topicNamed, topicStands } from '#store/forum-topics.ts';
import { holdName } from '#store/locks.ts';
import { addReceiver, type Receiver, receiversOf } from '#store/receivers.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

const most = 50;

/** The receiver for this topic of the owner's chat, made when it is not there. `name`: what the topic is called, if known. */
export function tellInTopic(
  world: World,
  actor: Actor,
  input: { ownerId: string; chatId: number; thread: number; name?: string | undefined },
  now: number,
): Promise<Outcome<{ receiver: Receiver }>> {
  const { ownerId, chatId, thread } = input;
  const chat = { channel: 'telegram', address: String(chatId) };
  return write(world, actor, 'tell-in-topic', now, async (tx) => {
    const refused = await authorise(tx, actor, 'rule', ownerId);
    if (refused) return refused;
    if (!Number.isSafeInteger(thread) || thread <= 1) return refuse('invalid', 'This is no topic.');
    await holdName(tx, `telegram:${chatId}`);
    const own = await receiversOf(tx, [ownerId]);
    const home = own.find(
      ({ channel, address, topic }) => channel === chat.channel && address === chat.address && topic === '',
    );
    if (!home) return refuse('not-found', 'I do not tell anything in this chat.');
    const known = await topicAt(tx, chat, thread);
    const wanted = tidyName(input.name ?? '') ?? `Topic ${thread}`;
    const taken =
      !known && ['open', 'away'].includes((await topicNamed(tx, chat, wanted)).topic?.status ?? '');
    const name = known?.name ?? (taken ? `${wanted} #${thread}` : wanted);
    if (!known) await topicStands(tx, chat, { name, thread }, now);
    const there = own.find(({ address, topic }) => address === chat.address && topic === name);
    if (there && there.disabled === null)
      return { ok: true, result: { receiver: there }, target: there.id, unchanged: true };
    if (!there && own.length >= most)
      return refuse('conflict', `There are ${most} receivers already; remove one first.`);
    const receiver = await addReceiver(tx, {
      id: world.id('v'),
      ownerId,
      ...chat,
      topic: name,
      label: there?.label ?? labelOf(home.label, name, own),
      createdAt: now,
    });
    return { ok: true, result: { receiver }, target: receiver.id, detail: { ownerId, topic: name } };
  });
}

/** `Team › Builds`; rules name receivers by it, so it is said once only. */
function labelOf(home: string, name: string, own: Receiver[]): string {
  const label = `${home} › ${name}`.slice(0, 120);
  const isTaken = (text: string) => own.some((one) => one.label === text);
  for (let n = 2; ; n++) {
    const text = n === 2 ? label : `${label} (${n - 1})`;
    if (!isTaken(text)) return text;
  }
}
