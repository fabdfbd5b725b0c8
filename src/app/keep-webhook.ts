// Asks Telegram to bring updates here, again and again until it does.
import { setWebhook } from '#chat/webhook.ts';
import type { Log } from '#core/log.ts';
import { type Chime, chime } from '#queue/clock.ts';
import type { Telegram } from '#telegram/client.ts';

/** Asks at once, and by the cron pattern until Telegram has taken it. */
export async function keepWebhook(
  telegram: Telegram,
  place: { url: string; secret: string },
  log: Log,
  now: () => number,
  pattern = '*/20 * * * * *',
): Promise<Chime> {
  const ask = async () => (await setWebhook(telegram, place)).ok;
  if (await ask()) return { stop() {} };
  log.warn({}, 'Telegram did not take the webhook; it is asked again');
  const again = chime(
    pattern,
    'webhook',
    log,
    async () => {
      if (!(await ask())) return;
      again.stop();
      log.info({}, 'Telegram has taken the webhook');
    },
    now,
  );
  return again;
}
