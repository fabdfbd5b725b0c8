// Several who report on one thing: how many say that it is bad, by their newest words.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Given, live, watchOf } from '../histories.ts';

const minute = 60_000;
const held = (params: Record<string, unknown> = {}) =>
  watchOf({
    kind: 'quorum',
    params: { field: 'status', bad: ['fail'], atLeast: 4, by: 'satellite', within: '10m', ...params },
  });
const says = (at: number, satellite: string, status = 'fail', time?: number): Given => ({
  at,
  ...(time === undefined ? {} : { time }),
  data: { satellite, status },
});

it('says how many of how many, once enough say it, and ends when they take it back', () => {
  const good = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => says(0, name, 'ok'));
  const { steps, story } = live(
    held(),
    [
      ...good,
      ...['a', 'b', 'c', 'd'].map((name, i) => says((i + 1) * minute, name)),
      says(5 * minute, 'd', 'ok'),
    ],
    6 * minute,
  );
  expect(story).toEqual([`fired@${4 * minute}`, `resolved@${5 * minute}`]);
  expect(steps[0]!.alert.reading.text).toBe('reported by 4 of 6: a, b, c, d');
});

it('one voice counts once, however often it says it', () => {
  const often = Array.from({ length: 20 }, (_, i) => says(i * 1000, 'a'));
  expect(live(held({ atLeast: 2 }), often, minute).story).toEqual([]);
});

it('a word that is not said again is forgotten, to the second', () => {
  const { story } = live(held({ atLeast: 2 }), [says(0, 'a'), says(minute, 'b')], 60 * minute);
  expect(story).toEqual([`fired@${minute}`, `resolved@${10 * minute}`]);
});

it('a late word undoes no newer one of its voice', () => {
  const words = [says(2 * minute, 'a', 'ok'), says(3 * minute, 'b'), says(4 * minute, 'a', 'fail', minute)];
  expect(live(held({ atLeast: 2 }), words, 5 * minute).story).toEqual([]);
});

it('equals a reference without memory', () => {
  const word = fc.record({
    gap: fc.integer({ min: 1, max: 5 }),
    who: fc.constantFrom('a', 'b', 'c', 'd'),
    bad: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), fc.integer({ min: 1, max: 4 }), (words, atLeast) => {
      // Nothing is forgotten at the instant of a word: which comes first would be the worker's affair.
      const width = 9.5 * minute;
      let at = 0;
      const given = words.map(({ gap, who, bad }) => {
        at += gap * minute;
        return says(at, who, bad ? 'fail' : 'ok');
      });
      const end = at + 20 * minute;
      const newestBad = (now: number) =>
        ['a', 'b', 'c', 'd'].filter((who) => {
          const last = given.filter((one) => one.at <= now && one.data!.satellite === who).at(-1);
          return last && last.at > now - width && last.data!.status === 'fail';
        }).length;
      let open = false;
      const expected: string[] = [];
      for (let now = 0; now <= end; now += minute / 2) {
        if (newestBad(now) >= atLeast === open) continue;
        open = !open;
        expected.push(`${open ? 'fired' : 'resolved'}@${now}`);
      }
      expect(live(held({ atLeast, within: '9m30s' }), given, end).story).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});
