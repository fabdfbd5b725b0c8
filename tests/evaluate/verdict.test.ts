// What an answer means for an alert that waits for it; the law: nobody waits beyond the bound.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Rule } from '#core/rule.ts';
import { answerWithinMs, believedMs } from '#core/verify.ts';
import type { Waiting } from '#store/verifications.ts';
import { freshStanding, hearVerdict, passTime, seeEvent, type Turn } from '../../src/evaluate/evaluate.ts';
import { readyRule, type Watch } from '../../src/evaluate/index/watch.ts';
import { makeReplay } from '../../src/evaluate/replay.ts';
import { judge } from '../../src/evaluate/verdict.ts';
import { berlin, watchOf } from './band-stage.ts';
import { eventWith, ruleWith } from './stage.ts';

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

const minute = 60_000;
const usage = (at: number, value: number) => eventWith({ receivedAt: at, data: { usage: value } });
const changes = (turn: Turn) =>
  turn.steps.map(({ transition: { change }, receivers }) => [change, receivers]);

it.each([0, 5 * minute])('the life of an alert that asks first, waiting %s ms before', (forMs) => {
  const watch = plain({ forMs, verify: 'of {subject}' });
  const began = seeEvent(watch, freshStanding('k'), usage(0, 95), { subject: '/home' }, () => 'a1');
  const asked = forMs === 0 ? began : passTime(watch, began.standing, forMs, () => 'x');
  expect(asked.steps.at(-1)!.transition).toMatchObject({ change: 'asked', to: 'pending', note: 'of /home' });
  // Time alone tells nothing any more, and what is said again does not begin it anew.
  expect(passTime(watch, asked.standing, 90 * minute, () => 'x').steps).toEqual([]);
  const again = seeEvent(watch, asked.standing, usage(6 * minute, 96), { subject: '/home' }, () => 'x');
  const held = hearVerdict(watch, again.standing, { answers: true, text: 'it answers' }, 7 * minute);
  expect(changes(held)).toEqual([['answered', ['v_ana']]]);
  const told = hearVerdict(watch, held.standing, { answers: false, text: 'it is silent' }, 8 * minute);
  expect(told.steps[0]!.alert).toMatchObject({
    status: 'firing',
    reading: { text: '96, limit 90; it is silent' },
  });
  // A second word comes too late.
  expect(hearVerdict(watch, told.standing, { answers: false, text: '' }, 9 * minute).steps).toEqual([]);
  const over = seeEvent(watch, told.standing, usage(10 * minute, 50), { subject: '/home' }, () => 'x');
  expect(changes(over)).toEqual([['resolved', ['v_ana']]]);
});

it('with time bands the band that holds when it is told is the one that speaks, and hears the end', () => {
  const watch = watchOf({ verify: 'node-1' });
  const at = berlin('Mon 10:00');
  const asked = seeEvent(watch, freshStanding('k'), usage(at, 93), {}, () => 'a1');
  expect(changes(asked).at(-1)![0]).toBe('asked');
  const told = hearVerdict(watch, asked.standing, { answers: false, text: 'silent' }, at + minute);
  expect(changes(told)).toEqual([['fired', ['v_work']]]);
  const over = seeEvent(watch, told.standing, usage(at + 2 * minute, 50), {}, () => 'x');
  expect(changes(over)).toEqual([['resolved', ['v_work']]]);
});

it('a replay takes the target for silent', () => {
  const told: string[] = [];
  const watch = plain({ verify: 'node-1' });
  const replay = makeReplay([watch], (step) => void told.push(step.transition.change));
  replay.see(usage(0, 95));
  expect(told).toEqual(['fired']);
});

function plain(given: Partial<Rule>): Watch {
  const ready = readyRule(ruleWith(given));
  if (!ready.ok) throw new Error(ready.fault);
  return ready.watch;
}
