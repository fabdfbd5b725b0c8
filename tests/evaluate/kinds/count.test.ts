// Counting in a sliding window: exact against a reference that remembers everything, in bounded memory.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { kindBook } from '../../../src/evaluate/kind-book.ts';
import { type Given, live, watchOf } from '../histories.ts';

const width = 10_000;
const counting = (moreThan: number, distinct?: string) =>
  watchOf({ kind: 'count', params: { moreThan, within: '10s', ...(distinct ? { distinct } : {}) } });

/** Everything that was received is looked at again at every instant at which something can change. */
function reference(events: Given[], moreThan: number, distinct: boolean, end: number): string[] {
  const all = events.map(({ at, time, data }) => ({
    at,
    time: Math.min(time ?? at, at),
    value: data!.block as string,
  }));
  const story: string[] = [];
  let open = false;
  const look = (now: number, received: typeof all) => {
    const inside = received.filter(({ time }) => time > now - width);
    const number = distinct ? new Set(inside.map(({ value }) => value)).size : inside.length;
    if (number > moreThan !== open) story.push(`${open ? 'resolved' : 'fired'}@${now}`);
    open = number > moreThan;
  };
  const instants = new Set(all.flatMap(({ at, time }) => [at, time + width]));
  for (const now of [...instants].sort((a, b) => a - b)) {
    if (now > end) break;
    const before = all.filter(({ at }) => at < now);
    look(now, before);
    for (let i = before.length; i < all.length && all[i]!.at === now; i++) look(now, all.slice(0, i + 1));
  }
  return story;
}

const histories = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.constant(0), fc.nat(4000)),
      // Late by up to more than the window, or ahead of our clock.
      lag: fc.option(fc.integer({ min: -3000, max: 14_000 }), { nil: undefined }),
      block: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    }),
    { maxLength: 40 },
  )
  .map((list) => {
    let at = 100_000;
    return list.map(({ gap, lag, block }): Given => {
      at += gap;
      return { at, data: { block }, time: lag === undefined ? undefined : at - lag };
    });
  });

it.each([false, true])('equals a reference that remembers everything (distinct: %s)', (distinct) => {
  fc.assert(
    fc.property(histories, fc.nat(4), (events, moreThan) => {
      const end = 400_000;
      const lived = live(counting(moreThan, distinct ? 'block' : undefined), events, end);
      expect(lived.story).toEqual(reference(events, moreThan, distinct, end));
      // When the window is empty again, nothing is left to remember.
      expect(lived.standing).toMatchObject({ state: null, met: false, dueAt: null });
    }),
    { numRuns: 400 },
  );
});

it('remembers only the newest that the question needs, however many come', () => {
  const events = Array.from({ length: 3000 }, (_, i): Given => ({ at: i, data: { block: `b${i}` } }));
  for (const [moreThan, most] of [
    [3, 20],
    [50, 51],
  ] as const) {
    const { standing, story } = live(counting(moreThan, 'block'), events, 2999);
    expect((standing.state as { seen: unknown[] }).seen).toHaveLength(most);
    expect(story).toEqual([`fired@${moreThan}`]);
  }
});

it('names the values, and says when it cannot count further', () => {
  const text = (blocks: string[]) =>
    live(
      counting(3, 'block'),
      blocks.map((block, i) => ({ at: i, data: { block } })),
      blocks.length,
    ).steps.at(-1)?.alert.reading.text;
  expect(text(['a', 'b', 'b', 'c', 'd'])).toBe('4 different block: a, b, c, d; limit 3 in 10 s');
  const many = Array.from({ length: 30 }, (_, i) => `b${i}`);
  expect(text(many)).toBe(
    `20 or more different block: …, ${many.slice(-10).sort().join(', ')}; limit 3 in 10 s`,
  );
});

it('does not count what lacks the field, nor what is older than the window', () => {
  const events: Given[] = [
    { at: 50_000, data: { block: 'a' } },
    { at: 50_001, data: {} },
    { at: 50_002, data: { block: '' } },
    { at: 50_003, data: { block: 'b' }, time: 40_003 },
  ];
  expect(live(counting(1, 'block'), events, 50_003).story).toEqual([]);
  expect(
    live(counting(1, 'block'), [...events, { at: 50_004, data: { block: 'c' }, time: 40_005 }], 60_000).story,
  ).toEqual(['fired@50004', 'resolved@50005']);
});

it.each([
  [{ moreThan: 3 }, 'within', 'within is missing'],
  [{ moreThan: 3, within: 'soon' }, 'within', '“soon” is no duration; try 5m, 1h30m or 2d'],
  [{ moreThan: 3, within: '0s' }, 'within', '“0s” is too short: at least 1s'],
  [{ moreThan: 3, within: '500d' }, 'within', '“500d” is too long: at most 366 days'],
  [{ moreThan: 1.5, within: '1h' }, 'moreThan', 'a whole number from 0 to 1,000'],
  [{ moreThan: -1, within: '1h' }, 'moreThan', 'a whole number from 0 to 1,000'],
  [
    { moreThan: 300, within: '1h', distinct: 'block' },
    'moreThan',
    'at most 200 different values can be counted',
  ],
])('refuses %j at %s', (params, path, text) => {
  expect(kindBook.check('count', params)).toEqual({ ok: false, faults: [{ path, text }] });
});

it('says what it does, and keeps spans as people write them', () => {
  const checked = kindBook.check('count', { moreThan: '3', within: 3_600_000, distinct: 'block' });
  expect(checked).toEqual({ ok: true, params: { moreThan: 3, within: '1h', distinct: 'block' } });
  if (checked.ok)
    expect(kindBook.describe('count', checked.params)).toBe('more than 3 different block in 1 h');
  expect(kindBook.describe('count', { moreThan: 1, within: '90s' })).toBe('more than 1 event in 2 min');
});
