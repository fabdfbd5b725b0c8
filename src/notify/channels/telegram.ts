// Channel: a Telegram chat, private or group.
import { z } from 'zod';
import { paces } from '#core/pace.ts';
import type { World } from '#operations/world.ts';
import { addButtons, type ButtonRow } from '#store/buttons.ts';
import type { CallResult, Telegram } from '#telegram/client.ts';
import { toHtml, toPlain } from '#telegram/html.ts';
import { type InlineKeyboard, toKeyboard } from '#telegram/keyboard.ts';
import { outcomeOf } from '#telegram/outcome.ts';
import type { Channel, Delivering, Told } from '../channel.ts';

const buttonLife = 14 * 86_400_000;

/** Told by the bot of this client; buttons are kept in the world's ledger. */
export function telegramChannel({ world, telegram }: { world: World; telegram: Telegram }): Channel {
  return {
    name: 'telegram',
    title: 'Telegram',
    address: z.string().regex(/^-?[1-9]\d{0,18}$/, 'a chat id is a whole number'),
    example: '7001',
    pace: (address) => (address.startsWith('-') ? paces.group : paces.private),
    whole: paces.whole,
    edits: true,
    async deliver(message, address, how) {
      const keyboard = await keyboardOf(world, message, address, how.now);
      const common = {
        chat_id: Number(address),
        link_preview_options: { is_disabled: true },
        ...(how.previous ? { message_id: Number(how.previous.messageId) } : {}),
        ...(!how.previous && message.silent ? { disable_notification: true } : {}),
      };
      const markup = keyboard.inline_keyboard.length > 0 || how.previous ? { reply_markup: keyboard } : {};
      const method = how.previous ? 'editMessageText' : 'sendMessage';
      const html = { ...common, ...markup, text: toHtml(message, how), parse_mode: 'HTML' };
      const outcome = read(await telegram.call(method, html), how);
      if (outcome.is !== 'unparsable') return outcome;
      // Our own mistake must not cost anybody the alert; the count stays 0 in every test.
      world.log.error({ why: outcome.why, method }, 'Telegram refused the form of a message');
      world.meter.count('plain_fallback', { channel: 'telegram' });
      const text = toPlain(message, how);
      const plain = read(await telegram.call(method, { ...common, text }), how);
      return plain.is === 'unparsable' ? { is: 'refused', why: plain.why, disables: false } : plain;
    },
  };
}

function read(result: CallResult, how: Delivering) {
  if (!result.ok) return outcomeOf(result);
  const id = (result.result as { message_id?: unknown } | null)?.message_id;
  return {
    is: 'sent' as const,
    messageId: id === undefined ? (how.previous?.messageId ?? null) : String(id),
  };
}

async function keyboardOf(
  world: World,
  message: Told,
  address: string,
  now: number,
): Promise<InlineKeyboard> {
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
  await addButtons(world.database.db, rows);
  return keyboard;
}
