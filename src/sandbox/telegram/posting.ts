// How something a person does in a chat becomes a message and, if the bot may see it, an update.
import type { ChatMember, Document, Message, User } from '@grammyjs/types';
import { typedText } from './formatted-text.ts';
import type { Chat, MemberStatus, SandboxMessage } from './shapes.ts';
import { liveMessage, nextMessageId } from './state.ts';
import { chatView, memberView, messageView, userView } from './views.ts';
import { botAsUser, queueUpdate, type World } from './world.ts';

export interface Posted {
  text?: string;
  replyTo?: number | undefined;
  threadId?: number | undefined;
  location?: { latitude: number; longitude: number };
  document?: Document;
  service?: SandboxMessage['service'];
}

/** The chat with this id; a programming error if there is none. */
export function requireChat(world: World, id: number): Chat {
  const chat = world.state.chats.get(id);
  if (!chat) throw new Error(`the sandbox has no chat ${id}`);
  return chat;
}

/** A person as a user; a programming error if unknown. */
export function requireUser(world: World, id: number): User {
  const person = world.state.people.get(id);
  if (!person) throw new Error(`the sandbox has no person ${id}`);
  return userView(person);
}

/** Puts a person's message into a chat and tells the bot where Telegram would. */
export function post(world: World, from: User, chat: Chat, posted: Posted): Message {
  const formatted = typedText(posted.text ?? '');
  const message: SandboxMessage = {
    chat_id: chat.id,
    message_id: nextMessageId(world.state, chat),
    date: Math.floor(world.now() / 1000),
    from,
    fromBot: false,
    ...formatted,
    silent: false,
    deleted: false,
    history: [],
    ...(posted.replyTo === undefined ? {} : { reply_to: posted.replyTo }),
    ...(posted.threadId === undefined ? {} : { thread_id: posted.threadId }),
    ...(posted.location ? { location: posted.location } : {}),
    ...(posted.document ? { document: posted.document } : {}),
    ...(posted.service ? { service: posted.service } : {}),
  };
  world.commit({ do: 'message', message });
  const view = messageView(world.state, message);
  if (botSees(world, chat, message)) queueUpdate(world, { message: view as never });
  return view;
}

/** Privacy mode: in groups a plain member bot sees commands, replies to it, mentions and service messages. */
function botSees(world: World, chat: Chat, message: SandboxMessage): boolean {
  if (chat.type === 'private') return true;
  if (chat.bot === 'left' || chat.bot === 'kicked') return false;
  if (chat.bot === 'administrator' || message.service) return true;
  const mine = `@${world.me.username.toLowerCase()}`;
  const named = (part: string) => part.toLowerCase().endsWith(mine);
  const first = message.entities.find((entity) => entity.type === 'bot_command' && entity.offset === 0);
  if (first) {
    const command = message.text.slice(0, first.length);
    return !command.includes('@') || named(command);
  }
  const replied =
    message.reply_to === undefined ? undefined : liveMessage(world.state, chat.id, message.reply_to);
  if (replied?.fromBot) return true;
  return message.entities.some(
    ({ type, offset, length }) => type === 'mention' && named(message.text.slice(offset, offset + length)),
  );
}

/** Changes what the bot is in a chat and tells it so (`my_chat_member`). */
export function changeBot(
  world: World,
  by: User,
  chat: Chat,
  to: MemberStatus,
  from: MemberStatus,
  topicRights = true,
): void {
  const before = chat.topicRights;
  if (chat.type !== 'private') world.commit({ do: 'bot', chat: chat.id, status: to, topicRights });
  const bot = botAsUser(world);
  queueUpdate(world, {
    my_chat_member: {
      chat: chatView(world.state, chat),
      from: by,
      date: Math.floor(world.now() / 1000),
      old_chat_member: memberView(bot, from, before),
      new_chat_member: memberView(bot, to, topicRights),
    },
  });
}

/** Changes what a person is in a group; the bot hears of it only as an administrator that asked for it. */
export function changeMember(world: World, by: User, chat: Chat, user: User, to: MemberStatus): void {
  const before: ChatMember = memberView(user, chat.members.get(user.id) ?? 'left');
  world.commit({ do: 'member', chat: chat.id, user: user.id, status: to });
  if (chat.bot !== 'administrator') return;
  queueUpdate(world, {
    chat_member: {
      chat: chatView(world.state, chat),
      from: by,
      date: Math.floor(world.now() / 1000),
      old_chat_member: before,
      new_chat_member: memberView(user, to),
    },
  });
}
