// Forum topics of chats: where an alert goes inside a chat, making a topic on first need, and what if it is not there.
import type { Alert } from '#core/alert.ts';
import { sayDuration } from '#core/duration.ts';
import { forumTopicOf } from '#core/forum.ts';
import type { World } from '#operations/world.ts';
import { pauseUntil } from '#store/budgets.ts';
import type { Reader, Tx } from '#store/connection.ts';
import {
  beginTopic,
  type Chat,
  chatAway,
  type ForumTopic,
  firstToTell,
  mostMade,
  setTopic,
  topicNamed,
  topicStands,
  topicsOf,
  wholeChat,
} from '#store/forum-topics.ts';
import { addNote } from '#store/notes.ts';
import { moveAddress, type Receiver, receiversOf } from '#store/receivers.ts';
import type { Channel } from './channel.ts';
import * as say from './forum-words.ts';

/** Where in its chat a message goes: nowhere special, into a topic, or into one that has to be made first. */
export type Spot =
  | { is: 'chat' }
  | { is: 'thread'; name: string; thread: number }
  | { is: 'make'; name: string };

const minute = 60_000;
const hour = 60 * minute;
/** How long a chat without topics, or without the right to make them, is left in peace. */
const noTopicsMs = 24 * hour;
/** How long a closed topic is. */
const closedMs = 6 * hour;
/** A topic that is lost so soon after it was made is not made again at once. */
const lostSoonMs = 10 * minute;
/** After this long nobody is still waiting for the answer. */
const unansweredMs = minute;

/** The spot for something told to this receiver. */
export async function spotOf(
  world: World,
  channel: Channel,
  receiver: Receiver,
  alert: Alert | undefined,
  now: number,
): Promise<Spot> {
  const { db } = world.database;
  const by = receiver.style.topics;
  const name = receiver.topic || (by && alert ? forumTopicOf(by, alert) : undefined);
  if (!channel.topics || !name) return { is: 'chat' };
  const { topic, whole } = await topicNamed(db, receiver, name);
  const waits = (row: ForumTopic) => row.until !== null && row.until > now;
  if (topic?.status === 'making') {
    if (now - topic.since >= unansweredMs) await saidOnce(world, receiver, name, say.unanswered(name), now);
    return { is: 'chat' };
  }
  if (topic && topic.status !== 'gone' && topic.thread !== null && !waits(topic))
    return { is: 'thread', name, thread: topic.thread };
  if ((topic?.status === 'away' && waits(topic)) || (whole && waits(whole))) return { is: 'chat' };
  return (await isFull(db, receiver, name)) ? { is: 'chat' } : { is: 'make', name };
}

/** Whether all that is told to this receiver goes into the chat itself, whatever the ledger knows of topics. */
export function speaksPlainly(channel: Channel, { topic, style }: Receiver): boolean {
  return !channel.topics || !(topic || style.topics);
}

async function isFull(db: Reader, chat: Chat, name: string): Promise<boolean> {
  const made = (await topicsOf(db, chat)).filter(({ ours, status }) => ours && status !== 'gone');
  return made.length >= mostMade && !made.some((one) => one.name === name);
}

/** Makes the topic, once: the intent is committed before the first byte. False: nothing more can be done here now. */
export async function makeTopic(
  world: World,
  channel: Channel,
  receiver: Receiver,
  name: string,
  clock: () => number,
): Promise<boolean> {
  const { database, log, meter } = world;
  const { db } = database;
  if (!(await db.transaction((tx) => beginTopic(tx, placeOf(receiver), name, clock())))) return true;
  const made = await channel.topics!.make(receiver.address, name);
  const now = clock();
  const chat = placeOf(receiver);
  meter.count('forum_topics', { outcome: made.is });
  switch (made.is) {
    case 'made':
      await topicStands(db, chat, { name, thread: made.thread, ours: true }, now);
      return true;
    case 'retry':
      await db.transaction(async (tx) => {
        await setTopic(tx, chat, name, { status: 'gone' });
        if (made.pauses) await pauseUntil(tx, channel.name, receiver.address, now + made.afterMs);
      });
      return false;
    case 'moved':
      await db.transaction((tx) => moveAddress(tx, channel.name, receiver.address, made.address));
      return false;
    case 'unknown':
      log.warn(
        { address: receiver.address, topic: name, why: made.why },
        'nobody knows whether a topic was made',
      );
      await saidOnce(world, receiver, name, say.unanswered(name), now);
      return true;
    case 'refused':
      await db.transaction(async (tx) => {
        await setTopic(tx, chat, name, { status: 'gone' });
        // What is wrong with the chat itself is found out by the message that follows.
        await chatAway(tx, chat, made.why, now + (made.chatLost ? minute : noTopicsMs), now);
      });
      if (!made.chatLost)
        await saidOnce(world, receiver, wholeChat, say.noTopics(made.why, receiver.address), now);
      return true;
  }
}

/** The topic took nothing: it is closed, or gone and made again on the next need. */
export async function topicFailed(
  tx: Tx,
  receiver: Receiver,
  spot: { name: string; thread: number },
  closed: boolean,
  now: number,
): Promise<{ name: string; text: string } | undefined> {
  const chat = placeOf(receiver);
  const { topic } = await topicNamed(tx, chat, spot.name);
  // Somebody has made it anew meanwhile.
  if (topic?.thread !== spot.thread) return undefined;
  if (closed) {
    await setTopic(tx, chat, spot.name, { status: 'away', why: 'it is closed', until: now + closedMs });
    return { name: spot.name, text: say.closed(spot.name, receiver.address) };
  }
  if (topic.ours && now - topic.since < lostSoonMs) {
    const away = { status: 'away' as const, thread: null, why: 'it was lost again', until: now + noTopicsMs };
    await setTopic(tx, chat, spot.name, away);
    return { name: spot.name, text: say.lostAgain(spot.name, sayDuration(noTopicsMs), receiver.address) };
  }
  await setTopic(tx, chat, spot.name, { status: 'gone', thread: null });
  return undefined;
}

/** One sentence about it where the receiver's owner reads, and no second one while the trouble lasts. */
export async function saidOnce(
  { database, ring }: World,
  receiver: Receiver,
  name: string,
  text: string,
  now: number,
): Promise<void> {
  const bells = await database.db.transaction(async (tx) => {
    if (!(await firstToTell(tx, placeOf(receiver), name))) return [];
    const told = await receiversOf(tx, [receiver.ownerId]);
    const home = told.find(
      ({ channel, address, topic }) =>
        channel === receiver.channel && address === receiver.address && topic === '',
    );
    return addNote(tx, (home ?? receiver).id, text, 'warning', now);
  });
  ring(bells);
}

const placeOf = ({ channel, address }: Receiver): Chat => ({ channel, address });
