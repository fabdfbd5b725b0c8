// The pure turn: crossings, timers before events, late events; the same result however the history is cut.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Step } from '#core/alert.ts';
import { stepAlert } from '#core/alert-life.ts';
import type { Event } from '#core/event.ts';
import type { Rule } from '#core/rule.ts';
import { freshStanding, isFresh, passTime, type Standing, seeEvent } from '../../src/evaluate/evaluate.ts';
import { readyRule, type Watch } from '../../src/evaluate/index/watch.ts';
import { eventWith, ruleWith } from './stage.ts';

function watchOf(given: Partial<Rule> = {}): Watch {
  const ready = readyRule(ruleWith({ id: 'r', ...given }));
  if (!ready.ok) throw new Error(ready.fault);
  return ready.watch;
}

type Moment = { event: Event } | { tick: number };

/** Steps a history as the worker does; `restart` puts the standing through the ledger's form at these places. */
function play(watch: Watch, history: Moment[], restart: (i: number) => boolean = () => false) {
  let standing: Standing = freshStanding('k');
  let ids = 0;
  const steps: Step[] = [];
  const newId = () => `a${++ids}`;
  for (const [i, moment] of history.entries()) {
    const turn =
      'event' in moment
        ? seeEvent(watch, standing, moment.event, {}, newId)
        : passTime(watch, standing, moment.tick, newId);
    standing = restart(i) ? (JSON.parse(JSON.stringify(turn.standing)) as Standing) : turn.standing;
    if (standing.alert === null) standing.alert = undefined;
    steps.push(...turn.steps);
  }
  return {
    standing,
    steps,
    story: steps
      .map(({ transition: { change, at } }) => `${change}@${at}`)
      .filter((text) => !text.startsWith('updated')),
  };
}

const at = (receivedAt: number, usage: number, time?: number): Moment => ({
  event: eventWith({ seq: receivedAt, receivedAt, data: { usage }, ...(time === undefined ? {} : { time }) }),
});

it('opens on the crossing only: what a person resolved stays resolved until it was unmet once', () => {
  const watch = watchOf();
  let standing = play(watch, [at(1, 95)]).standing;
  const resolved = stepAlert(standing.alert!, { is: 'resolve', by: { is: 'clock' } }, 2)!;
  expect(resolved.alert.status).toBe('resolved');
  standing = { ...standing, alert: undefined };
  const see = (moment: Moment) => {
    const turn = seeEvent(watch, standing, (moment as { event: Event }).event, {}, () => 'b');
    standing = turn.standing;
    return turn.steps.map(({ transition }) => transition.change);
  };
  expect(see(at(3, 96))).toEqual([]);
  expect(see(at(4, 50))).toEqual([]);
  expect(see(at(5, 96))).toEqual(['fired']);
});

it('ignores what is late for what lasts, but still tells a moment', () => {
  expect(
    play(watchOf(), [at(100, 95, 90), at(110, 10, 80), at(120, 96, 100), at(130, 10, 101)]).story,
  ).toEqual(['fired@100', 'resolved@130']);
  const every = watchOf({ kind: 'every', params: {} });
  expect(play(every, [at(100, 1, 90), at(110, 1, 10)]).story).toEqual(['told@100', 'told@110']);
  // A sender's clock that runs ahead makes nobody late.
  expect(play(watchOf(), [at(100, 95, 9_999), at(110, 10)]).story).toEqual(['fired@100', 'resolved@110']);
});

it('leaves no trace of what never mattered', () => {
  const { standing, steps } = play(watchOf(), [at(1, 10), at(2, 20, 1), at(3, 90)]);
  expect([isFresh(standing), steps]).toEqual([true, []]);
});

it('lets the rule name the severity, else the event, else warning; and a moment not disturb what lasts', () => {
  const severities = (rule: Partial<Rule>, severity?: 'info') =>
    play(watchOf(rule), [{ event: eventWith({ data: { usage: 99 }, ...(severity ? { severity } : {}) }) }])
      .steps[0]!.alert.severity;
  expect([severities({ severity: 'critical' }, 'info'), severities({}, 'info'), severities({})]).toEqual([
    'critical',
    'info',
    'warning',
  ]);
  const every = watchOf({ kind: 'every', params: {} });
  const mixed = play(every, [
    { event: eventWith({ status: 'firing', receivedAt: 1 }) },
    { event: eventWith({ receivedAt: 2 }) },
    { event: eventWith({ status: 'resolved', receivedAt: 3 }) },
  ]);
  expect(mixed.story).toEqual(['fired@1', 'told@2', 'resolved@3']);
  expect(new Set(mixed.steps.map(({ alert }) => alert.id)).size).toBe(2);
});

const rules = fc.record({
  forMs: fc.constantFrom(0, 7, 20),
  keepFiringForMs: fc.constantFrom(0, 5, 30),
  kind: fc.constantFrom('threshold', 'change', 'every'),
});
const paramsOf: Record<string, Record<string, unknown>> = {
  threshold: { field: 'usage', op: '>', limit: 5, clear: 3 },
  change: { field: 'usage', to: [7, 8, 9, 10] },
  every: {},
};
const histories = fc.array(
  fc.record({
    gap: fc.nat(12),
    usage: fc.integer({ min: 0, max: 10 }),
    lag: fc.option(fc.nat(30), { nil: undefined }),
    status: fc.constantFrom('firing' as const, 'resolved' as const),
  }),
  { maxLength: 40 },
);

function momentsOf(history: typeof histories extends fc.Arbitrary<infer H> ? H : never): { event: Event }[] {
  let now = 1000;
  return history.map(({ gap, usage, lag, status }, i) => {
    now += gap;
    const time = lag === undefined ? {} : { time: now - lag };
    return { event: eventWith({ seq: i + 1, receivedAt: now, data: { usage }, status, ...time }) };
  });
}

it('gives the same live, after an outage, and with restarts in between', () => {
  let changes = 0;
  fc.assert(
    fc.property(rules, histories, (given, history) => {
      const watch = watchOf({ ...given, params: paramsOf[given.kind]! });
      const events = momentsOf(history);
      const end = { tick: 1_000_000 };
      const late = play(watch, [...events, end]);
      // Live: time passes millisecond by millisecond between the events, and every turn goes through the ledger.
      const ticking = events.flatMap((moment, i) => {
        const next = events[i + 1]?.event.receivedAt ?? moment.event.receivedAt;
        const ticks = Array.from({ length: next - moment.event.receivedAt }, (_, n) => ({
          tick: moment.event.receivedAt + n,
        }));
        return [moment, ...ticks];
      });
      expect(play(watch, [...ticking, end], () => true).steps).toEqual(late.steps);
      changes += late.story.length;
    }),
    { numRuns: 300 },
  );
  expect(changes).toBeGreaterThan(500);
});

it('fires for a threshold exactly when a minute-by-minute reference does', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0, 7, 20),
      fc.constantFrom(0, 5, 30),
      histories,
      (forMs, keepFiringForMs, history) => {
        const events = momentsOf(history.map(({ lag: _, ...rest }) => ({ ...rest, lag: undefined })));
        const watch = watchOf({ forMs, keepFiringForMs, params: { field: 'usage', op: '>', limit: 5 } });
        const last = events.at(-1)?.event.receivedAt ?? 0;
        const story: string[] = [];
        let state: 'calm' | 'waiting' | 'firing' = 'calm';
        let since = 0;
        let clearSince: number | undefined;
        for (let now = 1000; now <= last + 100; now++) {
          if (state === 'waiting' && now >= since + forMs) {
            state = 'firing';
            story.push(`fired@${now}`);
          }
          if (state === 'firing' && clearSince !== undefined && now >= clearSince + keepFiringForMs) {
            state = 'calm';
            story.push(`resolved@${now}`);
          }
          for (const { event } of events.filter((one) => one.event.receivedAt === now)) {
            const met = Number(event.data.usage) > 5;
            if (met && state === 'calm') {
              [state, since] = [forMs > 0 ? 'waiting' : 'firing', now];
              story.push(`${forMs > 0 ? 'began' : 'fired'}@${now}`);
            } else if (!met && state === 'waiting') {
              state = 'calm';
              story.push(`cancelled@${now}`);
            } else if (!met && state === 'firing' && keepFiringForMs === 0) {
              state = 'calm';
              story.push(`resolved@${now}`);
            } else if (!met && state === 'firing') clearSince ??= now;
            if (met || state !== 'firing') clearSince = undefined;
          }
        }
        expect(play(watch, [...events, { tick: last + 100 }]).story).toEqual(story);
      },
    ),
    { numRuns: 300 },
  );
});

it('calls an event without a title by the name that somebody gave to the rule, otherwise by the end of its topic', () => {
  const titled = (name: string, data: Event['data'] = {}, topic = 'builds.vr0.place') => {
    const watch = watchOf({ topic, kind: 'every', params: {}, name });
    const event = eventWith({ type: 'builds.vr0.place', data });
    return seeEvent(watch, freshStanding('k'), event, {}, () => 'a_1').steps[0]?.alert.title;
  };
  expect(titled('Builds of vr0')).toBe('Builds of vr0');
  expect(titled('Builds of vr0', {}, 'builds.**')).toBe('Builds of vr0 (place)');
  expect(titled('builds.**: every event', {}, 'builds.**')).toBe('place');
  expect(titled('Builds of vr0', { summary: 'Build 12 is done' })).toBe('Build 12 is done');
});
