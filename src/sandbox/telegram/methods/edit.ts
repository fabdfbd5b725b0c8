// Methods that change or remove what is already in a chat: edits, deletions, pins, reactions.
import type { ReactionType } from '@grammyjs/types';
import { badRequest, refusals } from '../errors.ts';
import type { FormattedText } from '../formatted-text.ts';
import { readMarkup } from '../markup.ts';
import { readInt, readJson } from '../params.ts';
import type { Chat, SandboxMessage } from '../shapes.ts';
import { nextMessageId } from '../state.ts';
import { messageView } from '../views.ts';
import { botAsUser } from '../world.ts';
import { type Call, type Method, ownMessage, spend, writableChat } from './call.ts';
import { messageCaption, messageText } from './send.ts';

const deletableFor = 48 * 3600_000;

function edit(call: Call, chat: Chat, message: SandboxMessage, content: FormattedText): unknown {
  const { world } = call;
  const markup = readMarkup(call, chat, true);
  spend(call, chat);
  const textChanged =
    content.text !== message.text || JSON.stringify(content.entities) !== JSON.stringify(message.entities);
  const markupChanged = JSON.stringify(markup ?? null) !== JSON.stringify(message.reply_markup ?? null);
  if (!textChanged && !markupChanged) throw refusals.notModified();
  world.commit({
    do: 'edit',
    chat: chat.id,
    message_id: message.message_id,
    at: world.now(),
    ...content,
    ...(markup ? { reply_markup: markup } : {}),
    textChanged,
  });
  return messageView(world.state, message);
}

const editMessageText: Method = (call) => {
  const chat = writableChat(call);
  const text = messageText(call);
  const message = ownMessage(call, chat);
  if (message.document || message.photo || message.location) throw refusals.nothingToEdit();
  return edit(call, chat, message, text);
};

const editMessageCaption: Method = (call) => {
  const chat = writableChat(call);
  const caption = messageCaption(call);
  const message = ownMessage(call, chat);
  if (!message.document && !message.photo) throw badRequest('there is no caption in the message to edit');
  return edit(call, chat, message, caption);
};

const editMessageReplyMarkup: Method = (call) => {
  const chat = writableChat(call);
  const message = ownMessage(call, chat);
  return edit(call, chat, message, { text: message.text, entities: message.entities });
};

function mayDelete(call: Call, chat: Chat, message: SandboxMessage): boolean {
  const isYoung = call.world.now() - message.date * 1000 < deletableFor;
  if (!isYoung) return false;
  return message.fromBot || chat.type === 'private' || chat.bot === 'administrator';
}

const deleteMessage: Method = (call) => {
  const chat = writableChat(call);
  const id = readInt(call.params, 'message_id') ?? 0;
  const message = chat.messages.get(id);
  if (!message || message.deleted) throw refusals.deleteNotFound();
  if (!mayDelete(call, chat, message)) throw refusals.cantDelete();
  spend(call, chat);
  call.world.commit({ do: 'delete', chat: chat.id, message_ids: [id] });
  return true;
};

const deleteMessages: Method = (call) => {
  const chat = writableChat(call);
  const ids = readJson(call.params, 'message_ids');
  if (!Array.isArray(ids) || ids.length === 0) throw badRequest('message identifiers are not specified');
  if (ids.length > 100) throw badRequest('too many message identifiers specified');
  spend(call, chat);
  const found = ids.map(Number).filter((id) => {
    const message = chat.messages.get(id);
    return message && !message.deleted && mayDelete(call, chat, message);
  });
  if (found.length > 0) call.world.commit({ do: 'delete', chat: chat.id, message_ids: found });
  return true;
};

function mayPin(chat: Chat): void {
  if (chat.type !== 'private' && chat.bot !== 'administrator') {
    throw badRequest('not enough rights to manage pinned messages in the chat');
  }
}

const pinChatMessage: Method = (call) => {
  const { world } = call;
  const chat = writableChat(call);
  const id = readInt(call.params, 'message_id') ?? 0;
  const message = chat.messages.get(id);
  if (!message || message.deleted) throw badRequest('message to pin not found');
  mayPin(chat);
  if (chat.pinned.at(-1) === id) return true;
  world.commit({ do: 'pin', chat: chat.id, pinned: [...chat.pinned.filter((other) => other !== id), id] });
  const service: SandboxMessage = {
    chat_id: chat.id,
    message_id: nextMessageId(world.state, chat),
    date: Math.floor(world.now() / 1000),
    from: botAsUser(world),
    fromBot: true,
    text: '',
    entities: [],
    silent: true,
    deleted: false,
    history: [],
    service: { kind: 'pinned', message_id: id },
  };
  world.commit({ do: 'message', message: service });
  return true;
};

const unpinChatMessage: Method = (call) => {
  const chat = writableChat(call);
  mayPin(chat);
  const id = readInt(call.params, 'message_id') ?? chat.pinned.at(-1);
  if (id === undefined || !chat.pinned.includes(id)) throw badRequest('message to unpin not found');
  call.world.commit({ do: 'pin', chat: chat.id, pinned: chat.pinned.filter((other) => other !== id) });
  return true;
};

const unpinAllChatMessages: Method = (call) => {
  const chat = writableChat(call);
  mayPin(chat);
  call.world.commit({ do: 'pin', chat: chat.id, pinned: [] });
  return true;
};

const setMessageReaction: Method = (call) => {
  const chat = writableChat(call);
  const id = readInt(call.params, 'message_id') ?? 0;
  const message = chat.messages.get(id);
  if (!message || message.deleted) throw badRequest('message to react not found');
  const reaction = (readJson(call.params, 'reaction') ?? []) as ReactionType[];
  if (!Array.isArray(reaction) || reaction.length > 1) throw badRequest('REACTIONS_TOO_MANY');
  if (reaction.some((one) => one.type === 'emoji' && !one.emoji)) throw badRequest('REACTION_INVALID');
  call.world.commit({ do: 'react', chat: chat.id, message_id: id, reaction });
  return true;
};

export const editMethods = {
  editMessageText,
  editMessageCaption,
  editMessageReplyMarkup,
  deleteMessage,
  deleteMessages,
  pinChatMessage,
  unpinChatMessage,
  unpinAllChatMessages,
  setMessageReaction,
};
