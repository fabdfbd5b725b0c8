// Channel: a Telegram chat, private or group.
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { paces, wholePace } from '#core/pace.ts';
import { openSuspicion, type Wait, waitLeft } from '#core/slowing.ts';
import type { World } from '#operations/world.ts';
import { addButtons, type ButtonRow } from '#store/buttons.ts';
import { gathered } from '#store/gathered.ts';
import type { CallResult, Telegram } from '#telegram/client.ts';
import { inDialect, learn, newestDialect } from '#telegram/dialect.ts';
import { toHtml, toPlain } from '#telegram/html.ts';
import { type InlineKeyboard, toKeyboard } from '#telegram/keyboard.ts';
import { outcomeOf } from '#telegram/outcome.ts';
import type { Channel, Delivering, Told, TopicMade } from '../channel.ts';
import { offeringWhole } from '../whole.ts';

const buttonLife = 14 * 86_400_000;
/** While it is not known whose limit was passed, others wait so long for the one call that finds out; in milliseconds. */
const longestProbe = 90;

/** Told by the bot of this client; buttons are kept in the world's ledger. */
export function telegramChannel({
  world,
  telegram,
  perSecond,
}: {
  world: World;
  telegram: Telegram;
  perSecond?: number | undefined;
}): Channel {
  const dialect = newestDialect();
  const suspicion = openSuspicion();
  let quiet: Wait | undefined;
  let probe: Promise<unknown> | undefined;
  /** One call, unless all are to wait: what had its turn already need not find out by itself. */
  const call = async (method: string, params: object, address: string, how: Delivering) => {
    for (let waits = 0; waits < 3 && probe && suspicion.open(how.now); waits++)
      await Promise.race([probe, pause(longestProbe / 3)]);
    if (how.inTime?.() === false) return tooLate;
    const answer = callAt(method, params, address, how);
    if (!probe && suspicion.open(how.now)) {
      const mine = answer.finally(() => {
        if (probe === mine) probe = undefined;
      });
      probe = mine;
    }
    return answer;
  };
  const callAt = async (method: string, params: object, address: string, how: Delivering) => {
    const left = waitLeft(quiet, how.now);
    if (left) return { is: 'retry', afterMs: left, why: 'Telegram asked all to wait' } as const;
    const number = suspicion.begin();
    const outcome = read(await telegram.call(method, params), how);
    if (outcome.is !== 'retry' || outcome.pauses !== 'address') {
      if (outcome.is !== 'retry' && outcome.is !== 'unknown') suspicion.taken(number, address);
      return outcome;
    }
    if (!suspicion.refused(address, outcome.afterMs, how.now)) return outcome;
    const longest = Math.max(waitLeft(quiet, how.now) ?? 0, outcome.afterMs);
    quiet = { from: how.now, until: how.now + longest };
    return { ...outcome, pauses: 'everybody' } as const;
  };
  const keep = gathered(async (rows: ButtonRow[][]) => {
    await addButtons(world.database.soft, rows.flat());
    return rows.map(() => undefined);
  });
  return {
    name: 'telegram',
    title: 'Telegram',
    address: z.string().regex(/^-?[1-9]\d{0,18}$/, 'a chat id is a whole number'),
    example: '7001',
    pace: (address) => (address.startsWith('-') ? paces.group : paces.private),
    whole: wholePace(perSecond),
    edits: true,
    topics: { make: (address, name) => makeTopic(telegram, address, name) },
    async deliver(told, address, how) {
      const message = offeringWhole(told, how);
      const { keyboard, kept } = keyboardOf(world, keep, message, address, how.now);
      // A message that stands is pressed after it has changed; if they are not kept after all, it is edited again.
      if (!how.previous) await kept;
      const common = {
        chat_id: Number(address),
        link_preview_options: { is_disabled: true },
        ...(how.previous ? { message_id: Number(how.previous.messageId) } : {}),
        ...(!how.previous && how.thread !== undefined ? { message_thread_id: how.thread } : {}),
        ...(!how.previous && message.silent ? { disable_notification: true } : {}),
      };
      const markup = keyboard.inline_keyboard.length > 0 || how.previous ? { reply_markup: keyboard } : {};
      const method = how.previous ? 'editMessageText' : 'sendMessage';
      if (how.inTime?.() === false) return tooLate;
      const html = { ...common, ...markup, text: toHtml(message, how), parse_mode: 'HTML' };
      for (;;) {
        const outcome = await call(method, inDialect(dialect, html), address, how);
        await kept;
        if (outcome.is !== 'unparsable') return outcome;
        // A server from before: the same without what it does not know. Each of these happens once in a process.
        if (learn(dialect, outcome.why)) continue;
        // Our own mistake must not cost anybody the alert; the count stays 0 in every test.
        world.log.error({ why: outcome.why, method }, 'Telegram refused the form of a message');
        world.meter.count('plain_fallback', { channel: 'telegram' });
        const text = toPlain(message, how);
        const plain = await call(method, { ...common, text }, address, how);
        return plain.is === 'unparsable' ? { is: 'refused', why: plain.why, disables: false } : plain;
      }
    },
  };
}

async function makeTopic(telegram: Telegram, address: string, name: string): Promise<TopicMade> {
  const params = { chat_id: Number(address), name };
  const result = await telegram.call<{ message_thread_id?: unknown }>('createForumTopic', params);
  if (result.ok) {
    const thread = Number(result.result?.message_thread_id);
    // Made, but nobody knows where.
    if (!Number.isSafeInteger(thread) || thread <= 0)
      return { is: 'unknown', why: 'the answer names no topic' };
    return { is: 'made', thread };
  }
  const outcome = outcomeOf(result);
  if (outcome.is === 'retry' || outcome.is === 'unknown' || outcome.is === 'moved') return outcome;
  const why = 'why' in outcome ? outcome.why : 'it was not made';
  return { is: 'refused', why, chatLost: outcome.is === 'refused' && outcome.disables };
}

const tooLate = { is: 'retry', afterMs: 0, why: 'it took too long to get here' } as const;

function read(result: CallResult, how: Delivering) {
  if (!result.ok) {
    const outcome = outcomeOf(result);
    // Outside any topic there is no other place to go to.
    const lost = outcome.is === 'misplaced' && how.thread === undefined;
    return lost ? { is: 'refused' as const, why: outcome.why, disables: false } : outcome;
  }
  const id = (result.result as { message_id?: unknown } | null)?.message_id;
  return {
    is: 'sent' as const,
    messageId: id === undefined ? (how.previous?.messageId ?? null) : String(id),
  };
}

/** The keyboard, and when what its buttons mean is known to the ledger. */
function keyboardOf(
  world: World,
  keep: (rows: ButtonRow[]) => Promise<unknown>,
  message: Told,
  address: string,
  now: number,
): { keyboard: InlineKeyboard; kept: Promise<unknown> } {
  const rows: ButtonRow[] = [];
  const keyboard = toKeyboard(message.buttons, (button) => {
    const id = world.token();
    if ('action' in button)
      rows.push({
        id,
        action: button.action,
        alertId: button.alertId ?? null,
        rev: button.rev ?? null,
        payload: button.payload ?? null,
        chatId: Number(address),
        expiresAt: now + buttonLife,
      });
    return id;
  });
  const kept = rows.length > 0 ? keep(rows) : Promise.resolve();
  // Whoever waits for it hears of it.
  kept.catch(() => {});
  return { keyboard, kept };
}
