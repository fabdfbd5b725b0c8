// A Bot API server from before date_time, copying and coloured buttons: found out by its refusals, once, and spoken to in its way.
import { expect, it } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import { inDialect, learn, newestDialect } from '#telegram/dialect.ts';
import { openStage } from './stage.ts';

it('gets the alert with its buttons and without what it does not know; the next one at the first try', async () => {
  const stage = await openStage({
    limits: 'off',
    patienceMs: 2000,
    sandbox: { lacks: ['date_time', 'copy_text', 'style'] },
  });
  try {
    const { receiverId } = await stage.person(1);
    await stage.fire('/home', [receiverId], { ownerId: 'p_1' });
    await stage.settle();
    const refused = () => stage.sandbox.ledger.filter(({ ok, chatId }) => !ok && chatId === 1).length;
    const [told] = stage.sent(1);
    expect(told!.text).toMatch(/Since 8:00, 0 s ago/);
    expect(told!.entities.map(({ type }) => type)).toContain('expandable_blockquote');
    expect(told!.entities.map(({ type }) => type)).not.toContain('date_time');
    expect(labels(told!)).toEqual([
      ['Acknowledge', 'Snooze'],
      ['Why', 'Resolve'],
    ]);
    expect(refused()).toBe(2);
    await stage.fire('/var', [receiverId], { ownerId: 'p_1' });
    await stage.settle();
    expect(stage.sent(1)).toHaveLength(2);
    expect(refused()).toBe(2);
    expect(stage.counts.get('plain_fallback telegram')).toBeUndefined();
  } finally {
    await stage.close();
  }
});

it('keeps every other key and word', () => {
  const dialect = newestDialect();
  const params = {
    text: 'a <tg-time unix="1" format="t">12:00</tg-time> <b>b</b>',
    reply_markup: {
      inline_keyboard: [
        [{ text: 'x', copy_text: { text: 'y' } }],
        [
          { text: 'z', callback_data: 'z', style: 'danger' },
          { text: 'l', url: 'https://a.example' },
        ],
      ],
    },
  };
  expect(inDialect(dialect, params)).toBe(params);
  for (const why of ['Unsupported start tag "tg-time"', 'Text buttons are unallowed', 'Invalid button style'])
    expect(learn(dialect, why)).toBe(true);
  expect(learn(dialect, 'Invalid button style')).toBe(false);
  expect(learn(dialect, 'message is too long')).toBe(false);
  expect(inDialect(dialect, params)).toEqual({
    text: 'a 12:00 <b>b</b>',
    reply_markup: {
      inline_keyboard: [
        [
          { text: 'z', callback_data: 'z' },
          { text: 'l', url: 'https://a.example' },
        ],
      ],
    },
  });
});
