// Messages as Telegram HTML: always parsable, always what was meant, never live.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/core/message.ts';
import { formattedText } from '../../src/sandbox/telegram/formatted-text.ts';
import { parseHtml } from '../../src/sandbox/telegram/index.ts';
import { toHtml, toPlain, toText } from '../../src/telegram/html.ts';
import { toKeyboard, toLabel } from '../../src/telegram/keyboard.ts';

const reader = { zone: 'Europe/Berlin', now: Date.UTC(2026, 5, 10, 12, 5, 0) };
const message = (given: Partial<Message>): Message => ({
  sign: '🟠',
  severity: 'warning',
  title: '',
  lines: [],
  fields: [],
  buttons: [],
  silent: false,
  mark: null,
  ...given,
});

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '</b>',
    '<script>alert(1)</script>',
    '&amp;&#0;&lt',
    '"><a href="x">',
    '@durov',
    '/reboot now',
    'see /start@bot and #tag $CASH',
    'a.b.example.com',
    '\u202eevil\u202d',
    '\ud800',
    'x\udc00y',
    '\u0000\u0007',
    'https://evil.example/x?y=1',
    'a\nb\tc',
    '',
    ' ',
    '👩‍👩‍👧‍👦'.repeat(30),
    'x'.repeat(4000),
    '@a '.repeat(300),
  ),
);
const span = fc.oneof(
  nasty,
  nasty.map((bold) => ({ bold })),
  nasty.map((code) => ({ code })),
  fc.record({
    instant: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    show: fc.constantFrom('clock' as const, 'relative' as const),
  }),
);
const anyMessage: fc.Arbitrary<Message> = fc.record({
  sign: fc.constantFrom('🔴', '✅', ''),
  severity: fc.constant('warning' as const),
  title: nasty,
  lines: fc.array(fc.array(span, { maxLength: 6 }), { maxLength: 12 }),
  fields: fc.array(fc.tuple(nasty, nasty), { maxLength: 30 }),
  buttons: fc.constant<Message['buttons']>([]),
  silent: fc.boolean(),
  mark: fc.option(nasty),
});

describe('any message', () => {
  it('is parsed without an error into exactly the text that was meant, at most 3,500 characters', () => {
    fc.assert(
      fc.property(anyMessage, (given) => {
        const parsed = parseHtml(toHtml(given, reader));
        if (!parsed.ok) throw new Error(parsed.reason);
        expect(parsed.text).toBe(toText(given, reader));
        expect(parsed.text.length).toBeLessThanOrEqual(3500);
        expect(parsed.text).not.toMatch(/\p{Surrogate}/u);
        expect(parsed.text).not.toMatch(/[\x00-\x08\x0b-\x1f\u2028-\u202e\u2066-\u2069]/);
      }),
      { numRuns: 1200 },
    );
  });

  it('holds nothing that Telegram would make live', () => {
    fc.assert(
      fc.property(anyMessage, (given) => {
        for (const params of [
          { text: toHtml(given, reader), parse_mode: 'HTML' },
          { text: toPlain(given, reader) },
        ]) {
          const names = { text: 'text', entities: 'entities' };
          const { entities } = formattedText(
            { values: new Map(Object.entries(params)), files: new Map() },
            names,
            () => undefined,
          );
          const live = entities.filter(({ type }) => ['mention', 'bot_command', 'hashtag'].includes(type));
          expect(live).toEqual([]);
        }
      }),
      { numRuns: 600 },
    );
  });
});

it('says times in the reader’s own clock where they are not shown by Telegram', () => {
  const html = toHtml(
    message({
      title: 'Disk <b>',
      lines: [
        [
          'Since ',
          { instant: reader.now - 180_000, show: 'clock' },
          ', ',
          { instant: reader.now - 180_000, show: 'relative' },
        ],
      ],
      fields: [['host', 'cad1']],
    }),
    reader,
  );
  expect(html).toMatch(/^🟠 <b>Disk &lt;b&gt;<\/b>\nSince <tg-time unix="\d{10}" format="t">/);
  expect(html).toContain('format="t">14:02</tg-time>');
  expect(html).toContain('format="r">3 min ago</tg-time>');
  expect(html).toContain('<blockquote expandable>host: cad1</blockquote>');
});

it('labels are at most 64 characters and never empty', () => {
  fc.assert(
    fc.property(nasty, (label) => {
      const text = toLabel(label);
      expect(text.length).toBeGreaterThan(0);
      expect(text.length).toBeLessThanOrEqual(64);
      expect(text).not.toMatch(/\p{Surrogate}/u);
    }),
  );
});

it('only web links become buttons', () => {
  const rows = [
    [
      { label: 'a', link: 'javascript:alert(1)' },
      { label: 'b', link: 'https://x.example/y' },
    ],
    [{ label: 'c', link: 'tg://user?id=1' }],
  ];
  expect(toKeyboard(rows, () => 'id')).toEqual({
    inline_keyboard: [[{ text: 'b', url: 'https://x.example/y' }]],
  });
});
