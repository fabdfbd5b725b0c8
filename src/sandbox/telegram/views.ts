// Sandbox things in the shapes of the Bot API.
import type { Chat as ApiChat, ChatMember, Message, User } from '@grammyjs/types';
import type { Chat, MemberStatus, Person, SandboxMessage, Service } from './shapes.ts';
import type { State } from './state.ts';

/** A person as a Bot API user. */
export function userView(person: Person): User {
  return {
    id: person.id,
    is_bot: false,
    first_name: person.deactivated ? '' : person.first_name,
    ...(person.username ? { username: person.username } : {}),
    ...(person.language_code ? { language_code: person.language_code } : {}),
  };
}

/** A chat as it appears inside messages. */
export function chatView(state: State, chat: Chat): ApiChat {
  if (chat.type === 'private') {
    const person = state.people.get(chat.id);
    return {
      id: chat.id,
      type: 'private',
      first_name: person?.first_name ?? '',
      ...(person?.username ? { username: person.username } : {}),
    };
  }
  if (chat.type === 'group') return { id: chat.id, type: 'group', title: chat.title };
  return {
    id: chat.id,
    type: 'supergroup',
    title: chat.title,
    ...(chat.forum ? { is_forum: true as const } : {}),
  };
}

/** A message as the Bot API shows it; the message it replies to is shown one level deep. */
export function messageView(state: State, message: SandboxMessage, deep = true): Message {
  const chat = state.chats.get(message.chat_id);
  if (!chat) throw new Error(`message in unknown chat ${message.chat_id}`);
  // Without a reply of its own, what is said in a topic answers the message that opened it.
  const answers =
    message.reply_to ?? (message.thread_id === message.message_id ? undefined : message.thread_id);
  const replied = answers === undefined ? undefined : chat.messages.get(answers);
  const media = message.document ?? message.photo;
  const inline =
    message.reply_markup && 'inline_keyboard' in message.reply_markup ? message.reply_markup : undefined;
  const view = {
    message_id: message.message_id,
    from: message.from,
    chat: chatView(state, chat),
    date: message.date,
    ...(message.edit_date ? { edit_date: message.edit_date } : {}),
    ...(message.thread_id ? { message_thread_id: message.thread_id, is_topic_message: true } : {}),
    ...(deep && replied && !replied.deleted ? { reply_to_message: messageView(state, replied, false) } : {}),
    ...(message.document ? { document: message.document } : {}),
    ...(message.photo ? { photo: message.photo } : {}),
    ...(message.location ? { location: message.location } : {}),
    ...(message.text ? { [media ? 'caption' : 'text']: message.text } : {}),
    ...(message.entities.length > 0 ? { [media ? 'caption_entities' : 'entities']: message.entities } : {}),
    ...(message.previewOff && !media ? { link_preview_options: { is_disabled: true } } : {}),
    ...(inline ? { reply_markup: inline } : {}),
    ...(message.service ? serviceView(state, message, message.service) : {}),
  };
  return view as unknown as Message;
}

function serviceView(state: State, message: SandboxMessage, service: Service): Record<string, unknown> {
  switch (service.kind) {
    case 'joined':
      return { new_chat_members: service.users };
    case 'left':
      return { left_chat_member: service.user };
    case 'migrated-to':
      return { migrate_to_chat_id: service.chat };
    case 'migrated-from':
      return { migrate_from_chat_id: service.chat };
    case 'topic':
      return { forum_topic_created: { name: service.name, icon_color: 7322096 } };
    case 'topic-closed':
      return { forum_topic_closed: {} };
    case 'topic-reopened':
      return { forum_topic_reopened: {} };
    case 'pinned': {
      const pinned = state.chats.get(message.chat_id)?.messages.get(service.message_id);
      return pinned ? { pinned_message: messageView(state, pinned, false) } : {};
    }
  }
}

const allRights = {
  can_be_edited: false,
  is_anonymous: false,
  can_manage_chat: true,
  can_delete_messages: true,
  can_manage_video_chats: true,
  can_restrict_members: true,
  can_promote_members: false,
  can_change_info: true,
  can_invite_users: true,
  can_post_stories: false,
  can_edit_stories: false,
  can_delete_stories: false,
  can_pin_messages: true,
  can_manage_topics: true,
};

/** A member of a chat with the status the chat gives them. */
export function memberView(user: User, status: MemberStatus, topicRights = true): ChatMember {
  if (status === 'creator') return { status, user, is_anonymous: false };
  if (status === 'administrator')
    return { status, user, ...allRights, can_manage_topics: topicRights } as unknown as ChatMember;
  if (status === 'kicked') return { status, user, until_date: 0 };
  return { status, user };
}
