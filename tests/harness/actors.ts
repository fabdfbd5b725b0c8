// People in stories: they write, press, and say what they expect to read; a failure shows the whole chat.
import type {
  PressResult,
  SandboxGroup,
  SandboxMessage,
  SandboxPerson,
  TelegramSandbox,
} from '#sandbox/telegram/index.ts';
import { labels } from '#sandbox/telegram/index.ts';

export interface Place {
  /** A group; their private chat when not given. */
  in?: { readonly id: number };
  /** A topic of it. */
  thread?: number;
  /** The message that is answered. */
  replyTo?: number;
}

export interface Person extends Omit<SandboxPerson, 'say' | 'press' | 'start'> {
  readonly name: string;
  /** Writes, and waits until everything that follows has happened. */
  says(text: string, place?: Place): Promise<void>;
  starts(payload?: string): Promise<void>;
  /** Presses the newest button with this label; resolves with the toast, once everything that follows has happened. */
  presses(button: string | { data: string }, place?: Place & { messageId?: number }): Promise<PressResult>;
  shares(latitude: number, longitude: number): Promise<void>;
  /** Sends a file, and waits until everything that follows has happened. */
  sends(name: string, content: string, place?: Place & { caption?: string }): Promise<void>;
  /**
   * A message of the bot that is new or edited since the last expectation here and holds this text. Returns it; what
   * came before it counts as read.
   */
  expects(text: string | RegExp, place?: Place): SandboxMessage;
  /** Nothing new from the bot since the last expectation here; edits count only with `edits`. */
  expectsNothing(place?: Place & { edits?: boolean }): void;
  /** Everything said in the chat, for reading. */
  transcript(place?: Place): string;
}

interface Shown {
  message: SandboxMessage;
  what: 'new' | 'edited';
}

/** Makes people whose words are followed by `settle`. */
export function cast(telegram: TelegramSandbox, settle: () => Promise<void>) {
  const shown = new Map<number, Shown[]>();
  const read = new Map<number, number>();
  telegram.onChange((change) => {
    if (change.do === 'message' && change.message.fromBot) note(change.message, 'new');
    if (change.do !== 'edit') return;
    const message = telegram.messages(change.chat).find((one) => one.message_id === change.message_id);
    if (message) note({ ...message, text: change.text }, 'edited');
  });
  const note = (message: SandboxMessage, what: Shown['what']) =>
    shown.set(message.chat_id, [...(shown.get(message.chat_id) ?? []), { message, what }]);

  const transcript = (chat: number) =>
    telegram
      .messages(chat)
      .map((message) => {
        const who = message.fromBot ? 'Tocsin' : message.from.first_name;
        const marks = [
          message.deleted && 'deleted',
          message.edit_date && 'edited',
          message.silent && 'silent',
        ];
        const said = marks.filter(Boolean).join(', ');
        const keys = labels(message).map((row) => `    [ ${row.join(' ] [ ')} ]`);
        const text = message.text || (message.service ? `(${message.service.kind})` : '(no text)');
        return [`${who}${said ? ` (${said})` : ''}: ${text}`, ...keys].join('\n');
      })
      .join('\n');

  const unread = (chat: number) => (shown.get(chat) ?? []).slice(read.get(chat) ?? 0);
  const fail = (chat: number, why: string): never => {
    throw new Error(`${why}\n--- the chat ${chat} ---\n${transcript(chat) || '(empty)'}\n---`);
  };

  const person = (id: number, name: string): Person => {
    const hands = telegram.person(id, { first_name: name, username: name.toLowerCase() });
    const chatOf = (place?: Place) => place?.in?.id ?? id;
    return {
      ...hands,
      name,
      async says(text, place) {
        const { thread, replyTo } = place ?? {};
        hands.say(text, {
          chat: chatOf(place),
          ...(thread === undefined ? {} : { threadId: thread }),
          ...(replyTo === undefined ? {} : { replyTo }),
        });
        await settle();
      },
      async starts(payload) {
        hands.start(payload);
        await settle();
      },
      async shares(latitude, longitude) {
        hands.shareLocation(latitude, longitude);
        await settle();
      },
      async sends(file, content, place) {
        const caption = place?.caption === undefined ? {} : { caption: place.caption };
        hands.sendFile(file, content, { chat: chatOf(place), ...caption });
        await settle();
      },
      async presses(button, place) {
        const chat = chatOf(place);
        const messageId = place?.messageId;
        const answer = hands
          .press(button, { chat, timeout: 60_000, ...(messageId === undefined ? {} : { messageId }) })
          .catch((error: Error) => fail(chat, error.message));
        await settle();
        // However long that took: everything has happened, the answer with it.
        let late: NodeJS.Timeout | undefined;
        const none = new Promise<never>((_, reject) => {
          late = setTimeout(() => reject(new Error('the bot did not answer the press')), 5_000);
        }).catch((error: Error) => fail(chat, error.message));
        return Promise.race([answer, none]).finally(() => clearTimeout(late));
      },
      expects(text, place) {
        const chat = chatOf(place);
        const fits = ({ message }: Shown) =>
          typeof text === 'string' ? message.text.includes(text) : text.test(message.text);
        const news = unread(chat);
        const at = news.findIndex(fits);
        if (at < 0) {
          const seen = news.map(({ message, what }) => `${what}: ${message.text.split('\n')[0]}`);
          return fail(
            chat,
            `${name} expected ${String(text)}, and read since the last time: ${seen.join(' | ') || 'nothing'}`,
          );
        }
        read.set(chat, (read.get(chat) ?? 0) + at + 1);
        return news[at]!.message;
      },
      expectsNothing(place) {
        const chat = chatOf(place);
        const news = unread(chat).filter(({ what }) => what === 'new' || place?.edits === true);
        read.set(chat, (shown.get(chat) ?? []).length);
        const [first] = news;
        if (first) fail(chat, `${name} expected nothing, and read (${first.what}): ${first.message.text}`);
      },
      transcript: (place) => transcript(chatOf(place)),
    };
  };
  const group = (id: number, title: string): SandboxGroup => telegram.group(id, title);
  /** What was said so far counts as read by everybody. */
  const readAll = () => {
    for (const [chat, news] of shown) read.set(chat, news.length);
  };
  return { person, group, readAll };
}
