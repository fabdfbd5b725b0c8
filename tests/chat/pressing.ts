// Presses and messages as Telegram brings them, made by hand: who pressed, where, on which message; and what came of it.
import type { Update } from '@grammyjs/types';
import type { Stage } from './stage.ts';

/** Telegram's accounts behind which people hide: an anonymous admin of a group, a channel's name. */
export const masks = { 'anonymous admin': 1087968824, 'channel’s name': 136817688 } as const;

export interface Came {
  /** The toast. */
  toast: string | undefined;
  /** What was audited: everything that anybody changes by hand is. */
  audited: string[];
  /** Messages sent, edited or deleted. */
  spoken: number;
}

let lastUpdate = 9_000_000;

/** Hands the update to the bot and tells what came of it. */
export async function hand(stage: Stage, update: Omit<Update, 'update_id'>): Promise<Came> {
  const { sql } = stage.database;
  const from = stage.sandbox.ledger.length;
  const [before] = await sql`select coalesce(max(id), 0)::int as id from audit`;
  await stage.bot.handle({ update_id: lastUpdate++, ...update } as Update, stage.clock.now);
  const calls = stage.sandbox.ledger.slice(from);
  const answer = calls.find(({ method }) => method === 'answerCallbackQuery');
  const rows = await sql`select verb from audit where id > ${before!.id} order by id`;
  return {
    toast: (answer?.params as { text?: string } | undefined)?.text,
    audited: rows.map(({ verb }) => verb as string),
    spoken: calls.filter(({ method }) => /^(send|edit|delete|forward|copy)/.test(method)).length,
  };
}

/** A press by this account, on a message of the bot in this chat. */
export function pressOf(
  stage: Stage,
  personId: number,
  chatId: number,
  data: string,
): Omit<Update, 'update_id'> {
  const group = chatId < 0;
  return {
    callback_query: {
      id: String(lastUpdate),
      from: { id: personId, is_bot: Object.values<number>(masks).includes(personId), first_name: 'X' },
      message: {
        message_id: 1,
        date: Math.floor(stage.clock.now / 1_000),
        chat: group
          ? { id: chatId, type: 'group', title: 'T' }
          : { id: chatId, type: 'private', first_name: 'X' },
        text: 'a message of the bot',
      },
      chat_instance: '1',
      data,
    },
  } as never;
}

/** A message by this account; in a group `mask` writes in a channel's or the group's name. */
export function messageOf(
  stage: Stage,
  personId: number,
  chatId: number,
  text: string,
): Omit<Update, 'update_id'> {
  const chat =
    chatId < 0 ? { id: chatId, type: 'group', title: 'T' } : { id: chatId, type: 'private', first_name: 'X' };
  const masked = Object.values<number>(masks).includes(personId);
  const isCommand = /^\/\w+/.exec(text);
  return {
    message: {
      message_id: lastUpdate,
      date: Math.floor(stage.clock.now / 1_000),
      chat,
      from: { id: personId, is_bot: masked, first_name: 'X' },
      ...(masked
        ? {
            sender_chat:
              personId === masks['anonymous admin'] ? chat : { id: -42, type: 'channel', title: 'C' },
          }
        : {}),
      text,
      ...(isCommand ? { entities: [{ type: 'bot_command', offset: 0, length: isCommand[0].length }] } : {}),
    },
  } as never;
}
