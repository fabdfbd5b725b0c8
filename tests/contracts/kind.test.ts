// The law of kinds, over the whole shelf: whoever adds one is held to it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '#core/event.ts';
import { fieldInputs } from '#operations/kind-book.ts';
import { kindBook } from '../../src/evaluate/kind-book.ts';
import { kindNamed, kinds } from '../../src/evaluate/kinds/index.ts';
import { eventWith } from '../evaluate/stage.ts';

it('has kinds on the shelf, each under its own name', () => {
  expect(kinds.length).toBeGreaterThanOrEqual(3);
  expect(new Set(kinds.map(({ name }) => name)).size).toBe(kinds.length);
  for (const kind of kinds) expect(kindNamed(kind.name)).toBe(kind);
  expect(kindNamed('toString')).toBeUndefined();
});

describe.each(kinds.map((kind) => [kind.name, kind] as const))('%s', (name, kind) => {
  const params = kind.params.parse(kind.example.params);
  const events = kind.example.events.map(({ at, tick, ...given }, i) => ({
    at: at * 1000,
    event: tick ? null : eventWith({ ...given, seq: i + 1, receivedAt: at * 1000 }),
  }));

  it('does what its example says', () => {
    let state = kind.initial(params);
    const met = events.flatMap(({ event, at }, i) => {
      const sight = kind.step(params, state, event, at);
      state = sight.state;
      return sight.reading.is === 'met' ? [i] : [];
    });
    expect(met).toEqual(kind.example.met);
    expect(met.length).toBeGreaterThan(0);
  });

  it('has a name, a title, and says what its params do', () => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(kind.title).toMatch(/^[A-Z][^!]*[^.!]$/);
    expect(kind.describe(params)).toMatch(/^(?!.*(undefined|null|NaN|\[object)).+$/);
  });

  it('takes params as they come out of the ledger', () => {
    expect(kind.params.parse(JSON.parse(JSON.stringify(params)))).toEqual(params);
    expect(kindBook.check(name, kind.example.params)).toEqual({ ok: true, params });
  });

  it('gives every field a label, a hint and an input, from which forms are made', () => {
    for (const field of kindBook.fields(name)) {
      expect(field).toMatchObject({ label: expect.stringMatching(/./), hint: expect.stringMatching(/./) });
      expect(fieldInputs).toContain(field.input);
      if (['operator', 'choice'].includes(field.input)) expect(field.choices.length).toBeGreaterThan(1);
    }
  });

  it('refuses a parameter that it does not know, by name', () => {
    const checked = kindBook.check(name, { ...kind.example.params, limmit: 3 });
    expect(checked).toMatchObject({ ok: false, faults: [{ path: 'limmit' }] });
  });

  it('is pure, remembers only JSON, and never throws, whatever an event holds', () => {
    const value = fc.oneof(
      fc.jsonValue() as fc.Arbitrary<never>,
      fc.double() as fc.Arbitrary<never>,
      fc.constantFrom(
        'Cluster Ready',
        'Not Block Reward Ready',
        '91',
        '-5 %',
        '',
        '\ud800',
        '\u0000',
      ) as fc.Arbitrary<never>,
    );
    const field = fc.constantFrom('usage', 'state', 'summary', '__proto__', 'constructor');
    const event = fc.record({
      data: fc.dictionary(field, value, { maxKeys: 4 }),
      labels: fc.dictionary(field, fc.string(), { maxKeys: 3 }),
      status: fc.constantFrom('firing' as const, 'resolved' as const, undefined),
    });
    fc.assert(
      fc.property(fc.array(fc.option(event, { freq: 5 }), { maxLength: 12 }), (history) => {
        let state = kind.initial(params);
        for (const [i, given] of history.entries()) {
          const seen = given && freeze(eventWith({ ...given, status: given.status ?? 'firing' }) as Event);
          const sight = kind.step(params, freeze(state), seen, i * 1000);
          const restarted = kind.step(params, JSON.parse(JSON.stringify(state)), seen, i * 1000);
          expect(restarted).toEqual(sight);
          expect(JSON.parse(JSON.stringify(sight.state))).toEqual(sight.state);
          expect(JSON.stringify(sight)).not.toMatch(/\\u0000|\\ud8/);
          expect(sight.reading.text.length).toBeLessThan(1100);
          state = sight.state;
        }
      }),
      { numRuns: 300 },
    );
  });
});

function freeze<T>(value: T): T {
  if (value !== null && typeof value === 'object')
    for (const inner of Object.values(Object.freeze(value))) freeze(inner);
  return value;
}
