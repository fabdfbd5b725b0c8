// What every Bot API method gets, and the checks they share: which chat, may the bot write there, is there a slot.
import { refusals, tooMany } from '../errors.ts';
import type { Params } from '../params.ts';
import { readInt, readJson, readText } from '../params.ts';
import type { Chat, SandboxMessage } from '../shapes.ts';
import { userView } from '../views.ts';
import type { World } from '../world.ts';

export interface Call {
  world: World;
  params: Params;
  /** Aborted when the caller hangs up. */
  gone: AbortSignal;
}

/** Carries out one method; throws BotApiError to refuse. */
export type Method = (call: Call) => unknown;

/** The chat a call names; refuses unknown ones. */
export function chatOf(call: Call): Chat {
  const text = readText(call.params, 'chat_id')?.trim() ?? '';
  if (text === '') throw refusals.chatIdEmpty();
  const id = readInt(call.params, 'chat_id');
  const chat = id === undefined ? undefined : call.world.state.chats.get(id);
  if (!chat) throw refusals.chatNotFound();
  return chat;
}

/** The chat a call names, if the bot may write to it. */
export function writableChat(call: Call): Chat {
  const chat = chatOf(call);
  if (chat.type === 'private') {
    const person = call.world.state.people.get(chat.id);
    if (person?.deactivated) throw refusals.deactivated();
    if (!person?.started) throw refusals.cantInitiate();
    if (person.blocked) throw refusals.blocked();
    return chat;
  }
  if (chat.migratedTo !== undefined) throw refusals.upgraded(chat.migratedTo);
  if (chat.bot === 'kicked') throw refusals.kicked(chat.type);
  if (chat.bot === 'left') throw refusals.notMember(chat.type);
  return chat;
}

/** Takes a slot of the chat's budget, or refuses with 429. */
export function spend(call: Call, chat: Chat): void {
  const wait = call.world.gate.take(chat, call.world.now());
  if (wait > 0) throw tooMany(wait);
}

/** A person by id, as the Bot API shows them. */
export function userOf(world: World) {
  return (id: number) => {
    const person = world.state.people.get(id);
    return person && userView(person);
  };
}

/** The message a call replies to: undefined for none, or where the bot said it does not matter. */
export function replyTarget(call: Call, chat: Chat): number | undefined {
  const given = readJson(call.params, 'reply_parameters') as
    | { message_id?: number; allow_sending_without_reply?: boolean }
    | undefined;
  const id = given?.message_id ?? readInt(call.params, 'reply_to_message_id');
  if (id === undefined) return undefined;
  const message = chat.messages.get(id);
  if (message && !message.deleted) return id;
  if (given?.allow_sending_without_reply) return undefined;
  throw refusals.replyNotFound();
}

/** The number of the topic “General”: it is written to without a number, and refused with it. */
export const generalThread = 1;

/** Whether the bot may make, close and delete topics of a forum; in private chats that is its own matter. */
export const managesTopics = (chat: Chat) =>
  chat.type === 'private' || (chat.bot === 'administrator' && chat.topicRights);

/** The forum topic a call names; refused where the chat has no such topic, or no topics any more. */
export function topicOf(call: Call, chat: Chat): { thread: number; name: string; closed: boolean } {
  const thread = readInt(call.params, 'message_thread_id') ?? 0;
  const topic = chat.forum && thread !== generalThread ? chat.topics.get(thread) : undefined;
  if (!topic) throw refusals.threadNotFound();
  return { thread, ...topic };
}

/** The forum topic a call writes into: the one it names, or that of the message it answers. */
export function threadOf(call: Call, chat: Chat, replyTo?: number): number | undefined {
  const named = readInt(call.params, 'message_thread_id');
  const answered = replyTo === undefined ? undefined : chat.messages.get(replyTo)?.thread_id;
  if (!named && (answered === undefined || !chat.forum)) {
    const general = chat.forum ? chat.topics.get(generalThread) : undefined;
    if (general?.closed && !managesTopics(chat)) throw refusals.topicClosed();
    return undefined;
  }
  const thread = named || answered;
  const topic = chat.forum && thread !== generalThread ? chat.topics.get(thread!) : undefined;
  if (!topic) throw refusals.threadNotFound();
  if (topic.closed && !managesTopics(chat)) throw refusals.topicClosed();
  return thread;
}

/** A message of the chat that stands and that the bot wrote itself. */
export function ownMessage(call: Call, chat: Chat): SandboxMessage {
  const id = readInt(call.params, 'message_id');
  const message = id === undefined ? undefined : chat.messages.get(id);
  if (!message || message.deleted) throw refusals.editNotFound();
  if (!message.fromBot || message.service) throw refusals.cantEdit();
  return message;
}
