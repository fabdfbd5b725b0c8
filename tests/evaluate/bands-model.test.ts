// Time bands of a rule against a model that looks at every minute, around both changes of the clock.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Band, bandAt } from '#core/bands.ts';
import { band, bandStage, minute, watchOf, workAndHome } from './band-stage.ts';

describe('against a model that looks at every minute', () => {
  const tables: Band[][] = [
    workAndHome,
    [band('01:00-03:00', { params: { limit: 97 }, to: ['v_night'] }), band('Sun 00:00-24:00', { off: true })],
    [
      band('02:00-02:30', { off: true }),
      band('22:00-02:30', { to: ['v_night'] }),
      band('otherwise', { params: { limit: 97 } }),
    ],
  ];
  /** Days around the changes of the clock, and Lord Howe's half hour. */
  const places = [
    ['Europe/Berlin', Date.UTC(2026, 2, 28)],
    ['Europe/Berlin', Date.UTC(2026, 9, 24)],
    ['America/New_York', Date.UTC(2026, 10, 1)],
    ['Australia/Lord_Howe', Date.UTC(2026, 3, 4)],
    ['Australia/Lord_Howe', Date.UTC(2026, 9, 3)],
    ['Asia/Kolkata', Date.UTC(2026, 5, 5)],
  ] as const;
  const values = fc.array(fc.record({ at: fc.nat(3 * 1440), usage: fc.constantFrom(50, 93, 95, 98) }), {
    maxLength: 14,
  });

  /** What should be said, looked at once a minute: no memory but who has spoken. */
  function model(bands: Band[], bandOf: number[], history: { at: number; usage: number }[]): string[] {
    const story: string[] = [];
    let value: number | undefined;
    let open: { bands: number[] } | undefined;
    const limitOf = (i: number) => Number(bands[i]?.params?.limit ?? 90);
    const toOf = (i: number) => bands[i]?.to ?? ['v_work'];
    for (let i = 0; i <= 3 * 1440; i++) {
      const seen = history.filter(({ at }) => at === i);
      // First the edge with the value that was known, then what arrives.
      for (const usage of [value, ...seen.map((one) => one.usage)]) {
        if (usage === undefined) continue;
        value = usage;
        const here = bandOf[i]!;
        const speaks = bands[here]?.off !== true && usage > limitOf(here);
        if (!open && speaks) {
          open = { bands: [here] };
          story.push(`${i} fired ${toOf(here).join('+')}`);
        } else if (open && !speaks && open.bands.every((one) => usage <= limitOf(one))) {
          const heard = new Set(open.bands.flatMap(toOf));
          story.push(`${i} resolved ${[...heard].join('+')}`);
          open = undefined;
        } else if (open && speaks && !open.bands.includes(here)) {
          const heard = new Set(open.bands.flatMap(toOf));
          if (toOf(here).some((id) => !heard.has(id))) story.push(`${i} reached ${toOf(here).join('+')}`);
          open.bands.push(here);
        }
      }
    }
    return story;
  }

  it.each(places)('in %s from %i on', (zone, start) => {
    // Each minute of the three days, once.
    const bandOf = tables.map((bands) =>
      Array.from({ length: 3 * 1440 + 1 }, (_, i) => bandAt(bands, zone, start + i * minute)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...tables), values, fc.boolean(), (bands, unsorted, ticks) => {
        const history = unsorted.toSorted((a, b) => a.at - b.at);
        const s = bandStage(watchOf({ bands, zone }));
        for (const [i, { at, usage }] of history.entries()) {
          s.see(start + at * minute, usage);
          // Live: the timers are passed in between; after an outage all comes at once.
          if (ticks) s.pass(start + (history[i + 1]?.at ?? at) * minute - 1);
        }
        s.pass(start + 3 * 1440 * minute);
        const told = s.story((at) => String((at - start) / minute));
        expect(told).toEqual(model(bands, bandOf[tables.indexOf(bands)]!, history));
      }),
      { numRuns: 120 },
    );
  });
});
