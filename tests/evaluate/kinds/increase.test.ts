// Counters: the growth in a window against a reference that keeps everything; restarts; bounded memory.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { kindBook } from '../../../src/evaluate/kind-book.ts';
import { type Given, live, watchOf } from '../histories.ts';

const width = 10_000;
const growing = (by: number, within = '10s') =>
  watchOf({ kind: 'increase', params: { field: 'n', by, within } });

function reference(events: Given[], by: number, end: number): string[] {
  let newest = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let last: number | undefined;
  const samples = events.flatMap(({ at, time, data }) => {
    const when = Math.min(time ?? at, at);
    const value = data!.n as number;
    if (when < newest) return [];
    newest = when;
    sum += last === undefined ? 0 : value < last ? value : value - last;
    last = value;
    return [{ at, when, sum }];
  });
  const story: string[] = [];
  let open = false;
  const look = (now: number, received: typeof samples) => {
    const inside = received.filter(({ when }) => when > now - width);
    const over = inside.length > 0 && inside.at(-1)!.sum - inside[0]!.sum >= by;
    if (over !== open) story.push(`${open ? 'resolved' : 'fired'}@${now}`);
    open = over;
  };
  const instants = new Set(samples.flatMap(({ at, when }) => [at, when + width]));
  for (const now of [...instants].sort((a, b) => a - b)) {
    if (now > end) break;
    const before = samples.filter(({ at }) => at < now);
    look(now, before);
    for (let i = before.length; i < samples.length && samples[i]!.at === now; i++)
      look(now, samples.slice(0, i + 1));
  }
  return story;
}

it('equals a reference that remembers everything, through restarts and late samples', () => {
  const histories = fc.array(
    fc.record({
      gap: fc.oneof(fc.constant(0), fc.nat(4000)),
      lag: fc.option(fc.integer({ min: -2000, max: 12_000 }), { nil: undefined }),
      step: fc.oneof(fc.nat(6), fc.constant(-1)),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(histories, fc.integer({ min: 1, max: 12 }), (list, by) => {
      let at = 100_000;
      let n = 50;
      const events = list.map(({ gap, lag, step }): Given => {
        at += gap;
        n = step < 0 ? 3 : n + step;
        return { at, data: { n }, time: lag === undefined ? undefined : at - lag };
      });
      const lived = live(growing(by), events, 400_000);
      expect(lived.story).toEqual(reference(events, by, 400_000));
      expect(lived.standing).toMatchObject({ state: null, met: false, dueAt: null });
    }),
    { numRuns: 500 },
  );
});

it('thins what is dense, and then tells too little by a sixtieth of the window at most', () => {
  // Ten a second for an hour in a window of ten minutes: 6000 in a window.
  const watch = growing(1, '10m');
  const { kind, params } = watch;
  let state = kind.initial(params);
  for (let i = 0; i < 36_000; i++) {
    const event = { at: i * 100, data: { n: i } };
    const sight = kind.step(
      params,
      state,
      {
        ...({ id: '', source: '', type: '', subject: '', labels: {}, seq: i, fingerprint: '' } as const),
        ...event,
        receivedAt: event.at,
      },
      event.at,
    );
    state = sight.state;
    expect((state as { seen: unknown[] }).seen.length).toBeLessThanOrEqual(120);
    if (i < 6000) continue;
    expect(sight.reading.value).toBeLessThanOrEqual(5999);
    expect(sight.reading.value).toBeGreaterThanOrEqual(5999 - 100);
  }
});

it('says growth and limit, and takes a drop for a restart', () => {
  const texts = live(
    growing(10),
    [
      { at: 0, data: { n: 100 } },
      { at: 1000, data: { n: 108 } },
      { at: 2000, data: { n: 5 } },
    ],
    2000,
  ).steps.map(({ alert }) => alert.reading.text);
  expect(texts).toEqual(['grew by 13 in 2 s, limit 10 in 10 s']);
});

it.each([
  [{ field: 'n', by: 0, within: '1h' }, 'by', 'by how much? a number over 0'],
  [{ field: 'n', by: 5 }, 'within', 'within is missing'],
])('refuses %j at %s', (params, path, text) => {
  expect(kindBook.check('increase', params)).toEqual({ ok: false, faults: [{ path, text }] });
});
