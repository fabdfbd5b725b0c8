// What a rule would have told, while it takes long: shown as it comes, stopped by a press, never in the way.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { BackTest, BackTestBook, BackTestInput } from '#operations/back-test-book.ts';
import type { SandboxPerson } from '#sandbox/telegram/index.ts';
import { until } from '../harness/until.ts';
import { disks, openStage, type Stage, start } from './stage.ts';

interface Asked {
  input: BackTestInput;
  progress: (fraction: number) => void;
  signal: AbortSignal;
  answer: (result: Partial<BackTest> | string) => void;
}
const asked: Asked[] = [];
const day = 86_400_000;
const whole: BackTest = {
  name: 'disk.usage over 90',
  from: start - 14 * day,
  to: start,
  days: 14,
  zone: 'Europe/Berlin',
  told: 2,
  atNight: 1,
  heldByQuiet: 0,
  burning: 0,
  first: [1, 2].map((n) => ({
    at: start - n * day,
    since: start - n * day,
    overAt: start - n * day + 60_000,
    severity: 'warning',
    subject: '/home',
    topic: 'disk.usage',
    title: 'disk.usage over 90',
    text: `${93 + n}, limit 90`,
  })),
  leftOut: 0,
  last: [],
  perDay: Array.from({ length: 14 }, (_, i) => ({ at: start - i * day, told: i < 2 ? 1 : 0 })),
  verify: null,
  oldest: start - 20 * day,
  whole: true,
  events: 4000,
  asked: 4000,
  limit: 90,
  variants: [
    { limit: 85, told: 30, atNight: 9 },
    { limit: 95, told: 1, atNight: 0 },
  ],
  tookMs: 5,
};
/** Answers when the test says so. */
const slow: BackTestBook = {
  near: async () => [],
  run: (_actor, input, { onProgress = () => {}, signal = new AbortController().signal }) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve({ ok: false, code: 'conflict', text: 'stopped' }));
      const answer: Asked['answer'] = (result) =>
        resolve(
          typeof result === 'string'
            ? { ok: false, code: 'invalid', text: result }
            : { ok: true, result: { ...whole, ...result } },
        );
      asked.push({ input, progress: onProgress, signal, answer });
    }),
};

let stage: Stage;
let ana: SandboxPerson;
let next = 7100;
beforeAll(async () => {
  stage = await openStage({ backTests: slow });
  await stage.seen(disks);
});
beforeEach(async () => {
  asked.length = 0;
  ana = await stage.settled(next++, 'Ana');
  await stage.say(ana, '/subscribe disk.usage');
  for (const label of ['usage', '90', '97 then']) await stage.go(ana, label);
});
afterAll(async () => {
  expect(stage.refused()).toEqual([]);
  expect(stage.errors).toEqual([]);
  await stage.end();
});
const reads = (text: string) => until(`“${text}” is read`, async () => stage.screen(ana.id).includes(text));

it('shows how far it is, then the numbers, and its buttons work in the screen that was edited', async () => {
  expect(stage.screen(ana.id)).toContain('Counting what it would have told you: 0 % …');
  expect(stage.screen(ana.id)).toContain('[ Save ] [ Stop counting ]');
  expect(asked[0]!.input).toMatchObject({
    limits: [85, 95],
    rule: { document: { topic: 'disk.usage', bands: [{}, { when: 'otherwise', params: { limit: 97 } }] } },
  });
  asked[0]!.progress(0.4);
  await reads('40 %');
  asked[0]!.answer({});
  await reads('It would have told you twice in 14 days, 1 at night:');
  expect(stage.screen(ana.id)).toContain('[ At 85: 30 × ] [ At 95: 1 × ]');
  expect(await stage.go(ana, 'Show the 2')).toContain('/home 94, limit 90, over after 1 min');
  expect(asked).toHaveLength(1);
  await stage.go(ana, 'Back');
  await stage.go(ana, 'At 95: 1 ×');
  expect(stage.screen(ana.id)).toContain('usage over 95 (Mon–Fri 9–18), over 97 otherwise');
  expect(asked).toHaveLength(2);
  expect(await stage.go(ana, 'Save')).toContain('Saved.');
  expect(asked[1]!.signal.aborted).toBe(true);
});

it('is stopped by a press, and begun again by another', async () => {
  expect(await stage.go(ana, 'Stop counting')).toContain('[ Count what it would tell ]');
  expect(asked[0]!.signal.aborted).toBe(true);
  expect(stage.screen(ana.id)).not.toContain('Counting');
  expect(await stage.go(ana, 'Count what it would tell')).toContain('Counting');
  expect(asked).toHaveLength(2);
});

it('never comes back once another question is open or the rule is saved', async () => {
  await stage.go(ana, 'Change');
  expect(asked[0]!.signal.aborted).toBe(true);
  const screen = stage.screen(ana.id);
  asked[0]!.answer({});
  await stage.go(ana, 'Back');
  expect(screen).toContain('What shall be different?');
  await stage.go(ana, 'Save');
  asked[1]!.answer({});
  await new Promise((resolve) => setImmediate(resolve));
  expect(stage.screen(ana.id)).toContain('Saved.');
});

it('says what was wrong, and the rule can be saved all the same', async () => {
  asked[0]!.answer('Too many rules are counted at this moment.');
  await reads('Too many rules are counted');
  expect(await stage.go(ana, 'Save')).toContain('Saved.');
});
