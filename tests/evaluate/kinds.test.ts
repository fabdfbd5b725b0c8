// The kinds as people mean them, and against references that are too simple to be wrong.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '#core/json.ts';
import { kindBook } from '../../src/evaluate/kind-book.ts';
import { kindNamed } from '../../src/evaluate/kinds/index.ts';
import { eventWith } from './stage.ts';

function readings(name: string, given: Record<string, unknown>, values: (Record<string, Json> | null)[]) {
  const kind = kindNamed(name)!;
  const params = kind.params.parse(given);
  let state = kind.initial(params);
  return values.map((data, i) => {
    // Through JSON each time: what is remembered must survive a restart.
    const sight = kind.step(
      params,
      JSON.parse(JSON.stringify(state)),
      data && eventWith({ data }),
      i * 3_600_000,
    );
    state = sight.state;
    return sight.reading;
  });
}
const states = (...values: string[]) => values.map((state) => ({ state }));
const worded = (name: string, params: Record<string, unknown>, values: Record<string, Json>[]) =>
  readings(name, params, values).map(({ is, momentary, text }) => `${momentary ? 'moment' : is}: ${text}`);

describe('threshold', () => {
  it('equals a reference with two limits', () => {
    const op = fc.constantFrom('>' as const, '>=' as const, '<' as const, '<=' as const);
    const number = fc.integer({ min: 0, max: 10 });
    fc.assert(
      fc.property(
        op,
        number,
        fc.option(fc.nat(5), { nil: undefined }),
        fc.array(number),
        (given, limit, gap, values) => {
          const above = given.startsWith('>');
          const clear = gap === undefined ? undefined : above ? limit - gap : limit + gap;
          const beyond = (value: number, bar: number) =>
            ({ '>': value > bar, '>=': value >= bar, '<': value < bar, '<=': value <= bar })[given];
          let on = false;
          const expected = values.map((value) => {
            on = beyond(value, on ? (clear ?? limit) : limit);
            return on ? 'met' : 'unmet';
          });
          const seen = readings(
            'threshold',
            { field: 'v', op: given, limit, clear },
            values.map((v) => ({ v })),
          );
          expect(seen.map(({ is }) => is)).toEqual(expected);
        },
      ),
    );
  });

  it('says value and limit, and changes nothing without a number', () => {
    const params = { field: 'usage', op: '>', limit: 90 };
    expect(worded('threshold', params, [{ usage: 93.5 }, { usage: 'n/a' }, {}, { usage: '94 %' }])).toEqual([
      'met: 93.5, limit 90',
      'unknown: no number in “usage”',
      'unknown: no number in “usage”',
      'met: 94, limit 90',
    ]);
  });

  it('says where it is heading while it is beyond: to what is critical, or back', () => {
    const last = (values: number[]) =>
      readings(
        'threshold',
        { field: 'v', op: '>', limit: 90, critical: 95 },
        values.map((v) => ({ v })),
      ).at(-1)!.trend;
    const hours = (from: number, step: number) => Array.from({ length: 12 }, (_, i) => from + i * step);
    expect(last(hours(91, 0.1))).toBe('rising about 0.1 an hour, reaches 95 in about 29 hours');
    expect(last(hours(94, -0.1))).toBe('falling about 0.1 an hour, back at 90 in about 29 hours');
    expect(last([91, 94, 91, 93, 92, 94, 91])).toBeUndefined();
    expect(last([...hours(91, 0.1), 80])).toBeUndefined();
  });

  it('is critical beyond a second limit, and says which limit it means', () => {
    const params = { field: 'usage', op: '>', limit: 90, clear: 85, critical: 95 };
    expect(
      worded(
        'threshold',
        params,
        [92, 96, 93, 87, 96, 80].map((usage) => ({ usage })),
      ),
    ).toEqual([
      'met: 92, limit 90',
      'met: 96, critical limit 95',
      'met: 93, limit 90',
      'met: 87, limit 90',
      'met: 96, critical limit 95',
      'unmet: 80, limit 90',
    ]);
  });

  it('compares versions part by part where the field or the limit is one', () => {
    const versions = (...values: Json[]) => values.map((version) => ({ version }));
    expect(
      worded(
        'threshold',
        { field: 'version', op: '<', limit: '1.10' },
        versions('1.9', '1.3.2', '1.10.0', '1.10.0-rc.1', 1.4, 'unknown', '2'),
      ),
    ).toEqual([
      'met: 1.9, limit 1.10',
      'met: 1.3.2, limit 1.10',
      'unmet: 1.10.0, limit 1.10',
      'met: 1.10.0-rc.1, limit 1.10',
      'met: 1.4, limit 1.10',
      'unknown: no version in “version”',
      'unmet: 2, limit 1.10',
    ]);
    expect(
      worded('threshold', { field: 'release', op: '>=', limit: 'v2.0.0', clear: '1.9.0' }, [
        { release: '2.0' },
        { release: '1.9.5' },
        { release: '1.9' },
      ]),
    ).toEqual(['met: 2.0, limit v2.0.0', 'met: 1.9.5, limit v2.0.0', 'met: 1.9, limit v2.0.0']);
    // A number that a file wrote for a version is kept as the version that it is.
    expect(kindBook.check('threshold', { field: 'app_version', op: '<', limit: 1.4 })).toEqual({
      ok: true,
      params: { field: 'app_version', op: '<', limit: '1.4' },
    });
    expect(kindBook.check('threshold', { field: 'conversion', op: '<', limit: '1.4' })).toEqual({
      ok: true,
      params: { field: 'conversion', op: '<', limit: 1.4 },
    });
  });

  it.each([
    [
      { field: 'version', op: '<', limit: '1.4', critical: '1.5' },
      'critical',
      'with < 1.4, it can only be critical at 1.4 or less',
    ],
    [
      { field: 'release', op: '<', limit: '1.4.0', clear: -2 },
      'clear',
      '“-2” is no version; try one such as 1.4.0',
    ],
    [{ field: 'usage', op: '>', limit: 90, clear: '1.4.0' }, 'clear', '“1.4.0” is no number'],
    [
      { field: 'usage', op: '>', limit: 90, critical: 89 },
      'critical',
      'with > 90, it can only be critical at 90 or more',
    ],
    [
      { field: 'free', op: '<=', limit: 5, critical: 8 },
      'critical',
      'with <= 5, it can only be critical at 5 or less',
    ],
    [
      { field: 'usage', op: '>', limit: 90, clear: 95 },
      'clear',
      'with > 90, it can only be over at 90 or less',
    ],
    [
      { field: 'usage', op: '<', limit: 10, clear: 5 },
      'clear',
      'with < 10, it can only be over at 10 or more',
    ],
    [{ field: 'usage', op: '>>', limit: 90 }, 'op', 'op is one of > >= < <='],
    [{ field: 'usage', op: '>' }, 'limit', 'limit is missing'],
    [{ field: 'usage', op: '>', limit: 'much' }, 'limit', '“much” is no number'],
    [{ field: 'usage', op: '>', limit: '90', clear: null }, 'clear', 'clear is not what was expected'],
    [{ field: '', op: '>', limit: 1 }, 'field', 'which field? for example usage'],
  ])('refuses %j at %s', (params, path, text) => {
    expect(kindBook.check('threshold', params)).toEqual({ ok: false, faults: [{ path, text }] });
  });
});

describe('change', () => {
  it('follows a worker out of readiness and back, as in seed 000', () => {
    const params = { field: 'state', from: 'Cluster Ready', to: 'Not Block Reward Ready' };
    const story = states(
      'Cluster Ready',
      'Not Block Reward Ready',
      'Not Block Reward Ready',
      'Hired',
      'Not Block Reward Ready',
    );
    expect(worded('change', params, story)).toEqual([
      'unknown: Cluster Ready, seen for the first time',
      'met: Cluster Ready → Not Block Reward Ready',
      'met: Not Block Reward Ready',
      'unmet: Not Block Reward Ready → Hired',
      'unknown: Hired → Not Block Reward Ready',
    ]);
  });

  it('tells any change, or leaving a value, as a moment', () => {
    expect(worded('change', { field: 'state' }, states('a', 'b', 'b', 'a'))).toEqual([
      'unknown: a, seen for the first time',
      'moment: a → b',
      'unmet: b',
      'moment: b → a',
    ]);
    expect(worded('change', { field: 'state', from: ['a', 'b'] }, states('a', 'b', 'c', 'd'))).toEqual([
      'unknown: a, seen for the first time',
      'moment: a → b',
      'moment: b → c',
      'unmet: c → d',
    ]);
  });

  it('does not take the first sight for a change, and waits until the value leaves', () => {
    expect(
      readings('change', { field: 'up', to: [false, 0] }, [
        { up: false },
        { up: true },
        { up: 0 },
        {},
        { up: false },
        { up: true },
      ]).map(({ is }) => is),
    ).toEqual(['unknown', 'unmet', 'met', 'unknown', 'met', 'unmet']);
  });

  it('equals a reference that looks at pairs', () => {
    const value = fc.constantFrom('a', 'b', 'c');
    const list = fc.option(fc.uniqueArray(value, { minLength: 1 }), { nil: undefined });
    fc.assert(
      fc.property(list, list, fc.array(value), (from, to, values) => {
        let on = false;
        const expected = values.map((now, i) => {
          const before = values[i - 1];
          const moved = before !== undefined && before !== now && (!from || from.includes(before));
          if (!to) return moved;
          on = to.includes(now) && (on || moved);
          return on;
        });
        const seen = readings('change', { field: 'state', from, to }, states(...values));
        expect(seen.map(({ is }) => is === 'met')).toEqual(expected);
      }),
    );
  });
});

describe('every', () => {
  it('follows a status and tells a moment without one', () => {
    const every = kindNamed('every')!;
    const see = (given: Parameters<typeof eventWith>[0]) => every.step({}, null, eventWith(given), 0);
    expect(
      see({ status: 'firing', type: 'alertmanager.DiskFull', labels: { alertname: 'DiskFull' } }),
    ).toMatchObject({
      title: 'DiskFull',
      reading: { is: 'met', text: 'reported by cad' },
    });
    expect(see({ status: 'resolved', data: { summary: 'Disk full' } })).toMatchObject({
      title: 'Disk full',
      reading: { is: 'unmet' },
    });
    expect(see({ type: 'builds.done', data: { message: 'All green' }, severity: 'info' })).toMatchObject({
      title: 'done',
      severity: 'info',
      reading: { is: 'met', momentary: true, text: 'All green' },
    });
  });
});

it('says in a sentence what a rule does', () => {
  const said = (kind: string, params: Record<string, unknown>) => {
    const checked = kindBook.check(kind, params);
    return checked.ok ? kindBook.describe(kind, checked.params) : checked.faults;
  };
  expect(said('threshold', { field: 'usage', op: '>', limit: 90 })).toBe('usage over 90');
  expect(said('threshold', { field: 'free', op: '<=', limit: 5, clear: 8 })).toBe('free at most 5 (until 8)');
  expect(said('threshold', { field: 'usage', op: '>', limit: 90, critical: 97 })).toBe(
    'usage over 90, critical over 97',
  );
  expect(said('change', { field: 'state', from: ['A', 'B'], to: 'C' })).toBe('state from A or B to C');
  expect(said('change', { field: 'state' })).toBe('any change of state');
  expect(said('every', {})).toBe('every event');
  expect(said('nothing', {})).toEqual([
    { path: 'kind', text: expect.stringContaining('there is no kind “nothing”') },
  ]);
});
