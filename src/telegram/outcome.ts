// What a failed Bot API call means for telling: the outcome table (docs/guides/add-a-channel.md tells why each row is so).
import type { DeliveryOutcome } from '#core/notification.ts';
import type { CallFailure } from './client.ts';

/** `unparsable`: our own fault, to be said again as plain text. */
export type TelegramOutcome = DeliveryOutcome | { is: 'unparsable'; why: string };

const second = 1000;

/** Refusals that hold for every message to this chat; compared exactly, without Telegram's prefix. */
const lost = new Set([
  'chat not found',
  'user not found',
  'peer_id_invalid',
  'chat_write_forbidden',
  'bot was blocked by the user',
  'user is deactivated',
  'bot was kicked from the group chat',
  'bot was kicked from the supergroup chat',
  'bot was kicked from the channel chat',
  'bot is not a member of the group chat',
  'bot is not a member of the supergroup chat',
  'bot is not a member of the channel chat',
  'the group chat was deleted',
  'group chat was deactivated',
  "bot can't initiate conversation with a user",
  "bot can't send messages to bots",
  "bots can't send messages to bots",
  'have no rights to send a message',
  'not enough rights to send text messages to the chat',
]);

/** What is wrong with the text or the buttons: plain text without them will do. */
const malformed =
  /can't parse entities|message is too long|message_too_long|button_data_invalid|button_type_invalid|button_url_invalid|inline keyboard|reply markup|button_copy_text/;

const gone =
  /message to edit not found|message can't be edited|there is no text in the message to edit|message_id_invalid/;

/** The class of a failure. `retry` with `afterMs: 0` leaves the wait to the caller's own backoff. */
export function outcomeOf(failure: CallFailure): TelegramOutcome {
  if (failure.is !== 'refused')
    return failure.is === 'unsent'
      ? { is: 'retry', afterMs: 0, why: failure.why }
      : { is: 'unknown', why: failure.why };
  const { code, description } = failure;
  const why = `${code} ${description}`.slice(0, 300);
  const bare = description
    .replace(/^(bad request|forbidden):\s*/i, '')
    .trim()
    .toLowerCase();
  if (code >= 500) return { is: 'unknown', why };
  if (code === 429)
    return {
      is: 'retry',
      afterMs: Math.max(1, failure.retryAfter ?? 1) * second,
      why,
      pauses: 'address',
    };
  if (failure.movedTo !== undefined) return { is: 'moved', address: failure.movedTo };
  if (code === 401 || code === 404) return { is: 'retry', afterMs: 60 * second, why, pauses: 'channel' };
  if (code === 409) return { is: 'retry', afterMs: 10 * second, why };
  if ((code === 400 || code === 403) && lost.has(bare)) return { is: 'refused', why, disables: true };
  if (code === 400 && malformed.test(bare)) return { is: 'unparsable', why };
  if (code === 400 && bare.startsWith('message is not modified')) return { is: 'sent', messageId: null };
  if (code === 400 && bare === 'message thread not found') return { is: 'misplaced', why, closed: false };
  if (code === 400 && bare === 'topic_deleted') return { is: 'misplaced', why, closed: false };
  if (code === 400 && bare === 'topic_closed') return { is: 'misplaced', why, closed: true };
  if (code === 400 && gone.test(bare)) return { is: 'gone', why };
  if (code === 400 && bare.startsWith('query is too old')) return { is: 'sent', messageId: null };
  return { is: 'refused', why, disables: false };
}
