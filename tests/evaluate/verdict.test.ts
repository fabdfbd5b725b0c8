// What an answer means for an alert that waits for it; the law: nobody waits beyond the bound.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answerWithinMs, believedMs } from '#core/verify.ts';
import type { Waiting } from '#store/verifications.ts';
import { judge } from '../../src/evaluate/verdict.ts';

const base: Waiting = {
  alertId: 'a_1',
  ruleId: 'r_1',
  key: 'k',
  status: 'pending',
  title: 'Offline',
  subject: 'node-1',
  target: 'node-1',
  askedAt: 1_000,
  until: 1_000 + answerWithinMs,
  answered: false,
  found: { paused: false, up: true, lastAt: 900, error: null },
};
const found = { paused: false, up: true, lastAt: 2_000, error: null };

it('an answer from before the question is none; a good one holds back, a bad one tells', () => {
  expect(judge(base, 2_000).is).toBe('wait');
  expect(judge({ ...base, found }, 2_000)).toMatchObject({
    is: 'believe',
    until: 2_000 + believedMs,
    verdict: { answers: true },
  });
  expect(judge({ ...base, found: { ...found, up: false, error: 'it answers with 503' } }, 2_000)).toEqual({
    is: 'tell',
    verdict: { answers: false, text: 'verified: node-1: it answers with 503' },
  });
});

it('what was believed is told the moment the target fails, and asked again when the answer is old', () => {
  const held = { ...base, answered: true, until: 2_000 + believedMs, found };
  expect(judge(held, 100_000).is).toBe('wait');
  expect(judge({ ...held, found: { ...found, up: false, lastAt: 90_000 } }, 100_000).is).toBe('tell');
  expect(judge(held, held.until).is).toBe('ask');
  const fresh = { ...held, found: { ...found, lastAt: 250_000 } };
  expect(judge(fresh, held.until)).toEqual({ is: 'believe', until: 250_000 + believedMs });
});

it('nobody waits for who is not there, and never beyond the bound', () => {
  expect(judge({ ...base, found: undefined }, 1_000).is).toBe('tell');
  expect(judge({ ...base, found: { ...found, paused: true } }, 1_000).is).toBe('tell');
  const instant = fc.integer({ min: 0, max: 2_000_000 });
  fc.assert(
    fc.property(
      fc.record({
        answered: fc.boolean(),
        up: fc.constantFrom(true, false, null),
        lastAt: fc.option(instant),
        askedAt: instant,
        paused: fc.boolean(),
        wait: fc.integer({ min: 0, max: believedMs }),
      }),
      ({ wait, ...given }) => {
        const { answered, askedAt, up, lastAt, paused } = given;
        const until = askedAt + wait;
        const seen = { paused, up: lastAt === null ? null : (up ?? true), lastAt, error: null };
        const judged = judge({ ...base, answered, askedAt, until, found: seen }, until);
        expect(judged.is).not.toBe('wait');
        if (judged.is === 'believe' || judged.is === 'ask')
          expect(judged.until - until).toBeLessThanOrEqual(
            Math.max(believedMs, answerWithinMs) + (lastAt ?? 0),
          );
        // Without an answer since it was asked nothing is held back.
        if (lastAt === null || lastAt < askedAt) expect(judged.is).toBe('tell');
      },
    ),
  );
});
