// Chats and who is in them: getChat, members, administrators, leaving.
import { badRequest, refusals } from '../errors.ts';
import { readInt } from '../params.ts';
import type { Chat } from '../shapes.ts';
import { chatView, memberView, messageView, userView } from '../views.ts';
import { botAsUser, queueUpdate, type World } from '../world.ts';
import { type Call, chatOf, type Method, writableChat } from './call.ts';

function readableChat(call: Call): Chat {
  const chat = chatOf(call);
  if (chat.type === 'private') return chat;
  if (chat.bot === 'kicked') throw refusals.kicked(chat.type);
  if (chat.bot === 'left') throw refusals.notMember(chat.type);
  return chat;
}

const getChat: Method = (call) => {
  const chat = chatOf(call);
  if (chat.type !== 'private' && chat.bot === 'kicked') throw refusals.kicked(chat.type);
  const pinnedId = chat.pinned.at(-1);
  const pinned = pinnedId === undefined ? undefined : chat.messages.get(pinnedId);
  return {
    ...chatView(call.world.state, chat),
    accent_color_id: 0,
    max_reaction_count: 11,
    accepted_gift_types: {
      unlimited_gifts: false,
      limited_gifts: false,
      unique_gifts: false,
      premium_subscription: false,
      gifts_from_channels: false,
    },
    ...(pinned && !pinned.deleted ? { pinned_message: messageView(call.world.state, pinned, false) } : {}),
  };
};

function membersOf(world: World, chat: Chat) {
  const people = [...chat.members].flatMap(([id, status]) => {
    const person = world.state.people.get(id);
    return person ? [{ user: userView(person), status }] : [];
  });
  return [...people, { user: botAsUser(world), status: chat.bot }];
}

// People who administer may do everything here; the bot's rights can be smaller.
const rightsOf = (world: World, chat: Chat, id: number) => id !== world.me.id || chat.topicRights;

const getChatMember: Method = (call) => {
  const { world } = call;
  const chat = readableChat(call);
  const id = readInt(call.params, 'user_id') ?? 0;
  if (chat.type === 'private' && id === chat.id) {
    const person = world.state.people.get(id);
    if (person) return memberView(userView(person), 'member');
  }
  const member = membersOf(world, chat).find((one) => one.user.id === id);
  if (member) return memberView(member.user, member.status, rightsOf(world, chat, id));
  const person = world.state.people.get(id);
  if (!person) throw badRequest('invalid user_id specified');
  return memberView(userView(person), 'left');
};

const getChatAdministrators: Method = (call) => {
  const chat = readableChat(call);
  if (chat.type === 'private') throw badRequest('there are no administrators in the private chat');
  return membersOf(call.world, chat)
    .filter((one) => one.status === 'creator' || one.status === 'administrator')
    .map((one) => memberView(one.user, one.status, rightsOf(call.world, chat, one.user.id)));
};

const getChatMemberCount: Method = (call) => {
  const chat = readableChat(call);
  if (chat.type === 'private') return 2;
  return membersOf(call.world, chat).filter((one) => !['left', 'kicked'].includes(one.status)).length;
};

const leaveChat: Method = (call) => {
  const { world } = call;
  const chat = writableChat(call);
  if (chat.type === 'private') throw badRequest("can't leave private chats");
  const before = chat.bot;
  world.commit({ do: 'bot', chat: chat.id, status: 'left' });
  const bot = botAsUser(world);
  queueUpdate(world, {
    my_chat_member: {
      chat: chatView(world.state, chat),
      from: bot,
      date: Math.floor(world.now() / 1000),
      old_chat_member: memberView(bot, before),
      new_chat_member: memberView(bot, 'left'),
    },
  });
  return true;
};

export const chatMethods = {
  getChat,
  getChatMember,
  getChatAdministrators,
  getChatMemberCount,
  leaveChat,
};
