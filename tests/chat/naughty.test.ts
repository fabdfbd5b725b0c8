// Naughty names everywhere: no text of ours may ever be refused by Telegram, and nothing becomes a link by accident.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { code, html, plainOf, short } from '#chat/html.ts';
import { parseHtml } from '#sandbox/telegram/index.ts';
import { fire } from './burning.ts';
import { openStage, type Stage } from './stage.ts';

const naughty = [
  '<b>',
  '<script>alert(1)</script>',
  '&',
  '&lt;',
  '"',
  '<a href="x">',
  '</code>',
  '<tg-time unix="1">',
  '\u202eevil',
  '\u2066x',
  '\u0000',
  '\ud800',
  '👩‍👩‍👧‍👦',
  'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢',
  'العربية',
  '/start',
  '@admin',
  'https://evil.example',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is one of them
  '${7*7}',
  '__proto__',
  '\n\n\n',
  ' ',
  '',
  '﷽'.repeat(50),
  'x'.repeat(5000),
  '<'.repeat(300),
  '&'.repeat(300),
  "'; drop table rules; --",
  '\u001b[31m',
  '💥'.repeat(200),
];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.seen(
    naughty.map((text, i) => ({
      type: `odd.t${i}`,
      subject: text,
      data: { [text || 'x']: i, state: text, usage: i },
      labels: { host: text },
    })),
  );
});
afterAll(() => stage.end());

it('people, groups, topics, rules and typed texts with any name', async () => {
  for (const [i, name] of naughty.entries()) {
    const who = await stage.settled(20_000 + i, name || 'x');
    await stage.say(who, '/start');
    await stage.say(who, `/watch odd.** usage > 90 named "${name.replaceAll('"', '').slice(0, 90) || 'x'}"`);
    await stage.say(who, `/watch ${name}`);
    await stage.say(who, `/silence ${name} 2h`);
    await stage.say(who, `/quiet ${name}`);
    await stage.say(who, `/${name}`);
    await stage.say(who, name || 'x');
    await stage.say(who, '/subscribe');
    await stage.go(who, `odd.t${i}`).catch(() => stage.say(who, `odd.t${i}`));
    await stage.go(who, 'state changes');
    await stage.go(who, 'other');
    await stage.say(who, name || 'x');
    // Not every text is a value; a plain one goes on.
    await stage.go(who, 'whatever it becomes').catch(async () => {
      await stage.say(who, 'plain');
      await stage.go(who, 'whatever it becomes');
    });
    await stage.go(who, 'Save');
    await stage.say(who, '/rules');
    await fire(stage, who.id, name, name || 'x');
    await stage.say(who, '/alerts');
    await stage.go(who, '/settings').catch(() => undefined);
    if (i % 8 === 0) {
      const group = stage.sandbox.group(-20_000 - i, name.slice(0, 100) || 'x');
      group.join(who);
      group.addBot(who);
      await stage.settle();
      await stage.say(who, '/subscribe', { chat: group.id });
    }
  }
  expect(stage.refused()).toEqual([]);
  expect(stage.errors).toEqual([]);
  expect(stage.counts.get('chat_plain_fallback')).toBeUndefined();
  const linked = stage.sandbox
    .messages(20_000 + naughty.indexOf('https://evil.example'))
    .filter(({ fromBot }) => fromBot)
    .filter(({ previewOff }) => previewOff !== true);
  expect(linked).toEqual([]);
}, 180_000);

it('what was put in is what a reader sees', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const made = html`a ${text} b ${code(text)}`;
      const parsed = parseHtml(made.source) as { text: string };
      expect(parsed.text.replace(/\s+/g, ' ').trim()).toBe(plainOf(made).replace(/\s+/g, ' ').trim());
      expect([...short(text, 10)].length).toBeLessThanOrEqual(10);
    }),
    { numRuns: 1000 },
  );
});
