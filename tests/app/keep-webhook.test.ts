// The webhook is asked for until Telegram takes it, not once.
import { expect, it } from 'vitest';
import { keepWebhook } from '#app/keep-webhook.ts';
import type { Telegram } from '#telegram/client.ts';
import { until } from '../harness/until.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };

it('asks again until Telegram has taken it, and then no more', async () => {
  let asked = 0;
  const telegram = {
    call: async () =>
      ++asked < 3 ? { ok: false, is: 'unsent', why: 'ECONNREFUSED' } : { ok: true, result: true },
    close() {},
  } as Telegram;
  const place = { url: 'https://alerts.example.org/telegram/x', secret: 'secret' };
  const chime = await keepWebhook(telegram, place, log, Date.now, '* * * * * *');
  expect(asked).toBe(1);
  await until('it is taken', () => asked === 3);
  await expect(until('it is asked for once more', () => asked > 3, 2_200)).rejects.toThrow('in vain');
  chime.stop();
});
