// What is missed: by an interval, by a schedule in a zone, after an edit, and when it never came at all.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { soleKey } from '#core/sole-key.ts';
import { kindBook } from '../../../src/evaluate/kind-book.ts';
import { type Given, live, watchOf } from '../histories.ts';
import { ruleWith } from '../stage.ts';

const waiting = (params: Record<string, unknown>, zone?: string) =>
  watchOf({ kind: 'absence', params, ...(zone ? { zone } : {}) });

it('equals a reference that looks at the gaps, whatever times the events bear', () => {
  const history = fc.array(
    fc.record({ gap: fc.nat(40_000), lag: fc.option(fc.nat(90_000), { nil: undefined }) }),
    {
      maxLength: 30,
    },
  );
  fc.assert(
    fc.property(
      history,
      fc.integer({ min: 10, max: 20 }),
      fc.nat(5),
      fc.boolean(),
      (list, every, grace, named) => {
        let at = 1_000_000;
        const events = list.map(({ gap, lag }): Given => {
          at += gap;
          return { at, time: lag === undefined ? undefined : at - lag };
        });
        const end = at + 100_000;
        const patience = (every + grace) * 1000;
        const saved = named ? 1_000_000 : undefined;
        const heard = [...(saved === undefined ? [] : [saved]), ...events.map((event) => event.at)];
        const expected = heard.flatMap((from, i) => {
          const next = heard[i + 1] ?? Number.POSITIVE_INFINITY;
          const missed = from + patience;
          if (missed > Math.min(next, end)) return [];
          return [`fired@${missed}`, ...(next <= end ? [`resolved@${next}`] : [])];
        });
        const params = { every: `${every}s`, grace: `${grace}s` };
        expect(live(waiting(params), events, end, saved).story).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
});

const berlin = (text: string) => Date.parse(text);

it('waits for each scheduled instant by the owner’s clock, also when clocks change', () => {
  const nightly = waiting({ cron: '30 2 * * *', grace: '30m' }, 'Europe/Berlin');
  const events: Given[] = [
    { at: berlin('2026-03-28T02:31:00+01:00') },
    // 2:30 does not exist on this day: it is 3:00.
    { at: berlin('2026-03-29T03:10:00+02:00') },
    { at: berlin('2026-03-30T02:40:00+02:00') },
  ];
  const end = berlin('2026-03-31T12:00:00+02:00');
  const { story, steps } = live(nightly, events, end);
  expect(story).toEqual([`fired@${berlin('2026-03-31T03:00:00+02:00')}`]);
  expect(steps.at(-1)!.alert.reading.text).toBe('expected at 2:30, nothing came; the last came 1 day ago');
  // 2:30 comes twice on this day and is waited for once.
  const autumn = live(
    nightly,
    [{ at: berlin('2026-10-25T02:35:00+02:00') }],
    berlin('2026-10-26T02:59:00+01:00'),
  );
  expect(autumn.story).toEqual([]);
  // The same line in the rule's own zone means another instant.
  const tokyo = waiting({ cron: '30 2 * * *', grace: '30m', zone: 'Asia/Tokyo' }, 'Europe/Berlin');
  expect(
    live(tokyo, [{ at: berlin('2026-05-01T02:31:00+09:00') }], berlin('2026-05-03T00:00:00+09:00')).story,
  ).toEqual([`fired@${berlin('2026-05-02T03:00:00+09:00')}`]);
});

it('takes what comes a few seconds early for the instant that is near', () => {
  const hourly = waiting({ cron: '0 * * * *' }, 'UTC');
  const start = Date.UTC(2026, 4, 1, 11, 59, 55);
  expect(live(hourly, [{ at: start }], start + 30 * 60_000).story).toEqual([]);
  expect(live(hourly, [{ at: start }], start + 70 * 60_000).story).toEqual([
    `fired@${Date.UTC(2026, 4, 1, 13, 5)}`,
  ]);
});

it('says how long, and that it never came', () => {
  const text = (begins?: number) =>
    live(waiting({ every: '10m' }), begins === undefined ? [{ at: 0 }] : [], 601_000, begins).steps[0]!.alert
      .reading;
  expect(text()).toMatchObject({ value: '10 min', limit: '10 min', text: 'nothing for 10 min' });
  expect(text(0).text).toBe('nothing for 10 min, it never came yet');
});

it('begins at the save only where the conditions name the whole key', () => {
  const key = (match: string[], keyed: string[]) => {
    const read = kindBook.begins('absence');
    expect(read).toBe(true);
    return soleKey(
      ruleWith({
        match: match.map((value) => ({ field: value.split('=')[0]!, op: '=', value: value.split('=')[1]! })),
        key: keyed,
      }),
    );
  };
  expect(key(['subject=/home'], ['subject'])).toBe('["/home"]');
  expect(key(['host=cad1', 'data.job=backup'], ['data.job', 'host'])).toBe('["backup","cad1"]');
  expect(key(['labels.host=cad1'], ['labels.host'])).toBe('["cad1"]');
  expect(key(['subject=/home'], ['host'])).toBeUndefined();
  expect(key(['subject=/home', 'source=cad'], ['source', 'subject'])).toBeUndefined();
  expect(key(['subject=/home'], [])).toBeUndefined();
  const either = { any: [{ field: 'subject', op: '=' as const, value: 'a' }] };
  expect(soleKey(ruleWith({ match: [either], key: ['subject'] }))).toBeUndefined();
  expect(soleKey(ruleWith({ match: [{ all: either.any }], key: ['subject'] }))).toBe('["a"]');
});

it.each([
  [{}, 'every', 'say how often it should come (10m), or give a schedule in cron (0 3 * * *)'],
  [{ every: '5m', cron: '0 3 * * *' }, 'cron', 'either every or cron, not both'],
  [{ every: '5m', zone: 'Europe/Berlin' }, 'zone', 'a zone belongs to a schedule in cron'],
  [{ cron: '0 3 * * *', zone: 'Mars/Base' }, 'zone', 'this is no time zone; try Europe/Berlin'],
  [{ every: '1s' }, 'every', '“1s” is too short: at least 10s'],
  [{ cron: '0 0 30 2 *' }, 'cron', '“0 0 30 2 *” never happens'],
])('refuses %j at %s', (params, path, text) => {
  expect(kindBook.check('absence', params)).toEqual({ ok: false, faults: [{ path, text }] });
});

it('says what it does', () => {
  expect(kindBook.describe('absence', { every: '10m' })).toBe('nothing for 10 min');
  expect(kindBook.describe('absence', { every: '10m', grace: '1m' })).toBe('nothing for 10 min and 1 min');
  expect(kindBook.describe('absence', { cron: '0 3 * * *', zone: 'Europe/Berlin' })).toBe(
    'nothing within 5 min after 0 3 * * * (Europe/Berlin)',
  );
});
