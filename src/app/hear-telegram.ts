// How what people write reaches the bot: Telegram calls, or is asked.
import { startPoller } from '#chat/poller.ts';
import { keepWebhook } from './keep-webhook.ts';
import type { Rooms } from './rooms.ts';
import type { Starting } from './starting.ts';
import { webhookPlace } from './webhook-place.ts';

/** Begins to hear; it ends with the program. */
export async function hearTelegram(rooms: Rooms, token: string, starting: Starting): Promise<void> {
  const { config, now, log, closing } = starting;
  if (config.telegram.mode === 'webhook') {
    const { path, secret } = webhookPlace(token);
    const place = { url: `${config.publicUrl}${path}`, secret };
    const asking = await keepWebhook(rooms.telegram, place, log, now);
    closing.work('the webhook', async () => asking.stop());
  } else {
    const ways = { keepAll: rooms.takeUpdates, locks: rooms.chatLocks };
    const poller = startPoller(rooms.world, rooms.telegram, { now, ...ways });
    closing.work('the poller', () => poller.stop());
  }
  // Only menus: they can wait for the next start when Telegram is away.
  rooms.bot.publish().catch((error) => log.warn({ err: error }, 'the command menus could not be set'));
}
