// What the emulated Telegram knows: people, chats, messages, updates, and the recorded changes between them.
import type {
  BotCommand,
  Document,
  InlineKeyboardMarkup,
  Location,
  MenuButton,
  MessageEntity,
  PhotoSize,
  ReactionType,
  ReplyKeyboardMarkup,
  Update,
  User,
} from '@grammyjs/types';

export type UpdateKind = Exclude<keyof Update, 'update_id'>;
export type MemberStatus = 'creator' | 'administrator' | 'member' | 'left' | 'kicked';
export type ReplyMarkup =
  | InlineKeyboardMarkup
  | ReplyKeyboardMarkup
  | { remove_keyboard: true }
  | { force_reply: true; input_field_placeholder?: string };

export interface Person {
  id: number;
  first_name: string;
  username?: string;
  language_code?: string;
  /** Has ever written to the bot; before that the bot may not write first. */
  started: boolean;
  blocked: boolean;
  deactivated: boolean;
}

export interface Chat {
  id: number;
  type: 'private' | 'group' | 'supergroup';
  title: string;
  forum: boolean;
  bot: MemberStatus;
  /** Whether the bot, being an administrator, may also manage topics. */
  topicRights: boolean;
  members: Map<number, MemberStatus>;
  /** Forum topics by thread id; 1 is “General”, which is there without being written down. */
  topics: Map<number, { name: string; closed: boolean }>;
  messages: Map<number, SandboxMessage>;
  migratedTo?: number;
  pinned: number[];
  /** Last message id of this chat (supergroups count alone, all others share one row of ids). */
  lastMessageId: number;
}

/** What one edit replaced: the text, entities and buttons as they were until `until` (epoch ms). */
export interface MessageVersion {
  text: string;
  entities: MessageEntity[];
  reply_markup?: ReplyMarkup;
  until: number;
}

/** One message as the sandbox keeps it; `text` is the caption for documents and photos, '' if there is none. */
export interface SandboxMessage {
  chat_id: number;
  message_id: number;
  /** Unix seconds, as in the Bot API. */
  date: number;
  from: User;
  fromBot: boolean;
  text: string;
  entities: MessageEntity[];
  reply_markup?: ReplyMarkup;
  /** Not sounding: sent with disable_notification. */
  silent: boolean;
  deleted: boolean;
  /** Unix seconds of the last edit of the text. */
  edit_date?: number;
  history: MessageVersion[];
  reply_to?: number;
  thread_id?: number;
  document?: Document;
  photo?: PhotoSize[];
  location?: Location;
  previewOff?: boolean;
  reaction?: ReactionType[];
  service?: Service;
}

export type Service =
  | { kind: 'joined'; users: User[] }
  | { kind: 'left'; user: User }
  | { kind: 'migrated-to'; chat: number }
  | { kind: 'migrated-from'; chat: number }
  | { kind: 'pinned'; message_id: number }
  | { kind: 'topic' | 'topic-closed' | 'topic-reopened'; name: string };

export interface CallbackAnswer {
  text?: string;
  show_alert: boolean;
  url?: string;
}

export interface Query {
  id: string;
  person: number;
  chat: number;
  message_id: number;
  data: string;
  at: number;
  answer?: CallbackAnswer;
}

export interface Webhook {
  url: string;
  secret?: string;
  max_connections: number;
}

export interface StoredFile {
  file_id: string;
  unique: string;
  name: string;
  mime: string;
  base64: string;
  size: number;
}

/** One recorded change; the journal is a list of these and replaying it gives the state back. */
export type Change =
  | { do: 'person'; person: Person }
  | { do: 'chat'; id: number; type: Chat['type']; title: string; forum: boolean }
  | { do: 'member'; chat: number; user: number; status: MemberStatus }
  | { do: 'bot'; chat: number; status: MemberStatus; topicRights?: boolean }
  | { do: 'topic'; chat: number; thread: number; name: string; closed: boolean; deleted?: true }
  | { do: 'migrated'; from: number; to: number }
  | { do: 'message'; message: SandboxMessage }
  | {
      do: 'edit';
      chat: number;
      message_id: number;
      at: number;
      text: string;
      entities: MessageEntity[];
      reply_markup?: ReplyMarkup;
      textChanged: boolean;
    }
  | { do: 'delete'; chat: number; message_ids: number[] }
  | { do: 'pin'; chat: number; pinned: number[] }
  | { do: 'react'; chat: number; message_id: number; reaction: ReactionType[] }
  | { do: 'update'; update: Update; at: number }
  | { do: 'confirm'; below: number }
  | { do: 'drop-updates' }
  | { do: 'webhook'; webhook: Webhook | null }
  | { do: 'allowed'; kinds: UpdateKind[] }
  | { do: 'query'; query: Query }
  | { do: 'answer'; id: string; answer: CallbackAnswer }
  | { do: 'commands'; key: string; commands: BotCommand[] | null }
  | { do: 'profile'; key: string; text: string }
  | { do: 'menu'; chat: number; button: MenuButton }
  | { do: 'file'; file: StoredFile };
