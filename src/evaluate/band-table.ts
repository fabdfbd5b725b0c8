// The time bands of one rule made ready: which readings it needs, which of them holds when, and who is told then.
import { type Band, bandAt, nextBand } from '#core/bands.ts';
import { sameJson } from '#core/json.ts';
import type { Rule } from '#core/rule.ts';
import type { Kind } from './kind.ts';

export interface BandTable {
  /** The params of each reading: bands that ask the same share one. */
  asks: unknown[];
  /** The band that holds at `now` (-1: the rule as written), and the instant at which another one does. */
  at(now: number): { band: number; edge: number | undefined };
  /** Which reading a band speaks by; -1: none, it is off. */
  askOf(band: number): number;
  bandOf(band: number): Band | undefined;
  receiversOf(band: number): string[];
}

/** Nothing changes for so long where no edge is in sight; then it is asked again. */
const farMs = 7 * 86_400_000;

/** The rule's table, or the sentence why a band cannot be read. `zone`: that of its hours. */
export function readyBands(
  rule: Rule,
  kind: Kind,
  zone: string,
): { ok: true; table: BandTable } | { ok: false; fault: string } {
  const bands = rule.bands ?? [];
  const asks: unknown[] = [];
  const place = (params: unknown): number => {
    const known = asks.findIndex((other) => sameJson(other, params));
    return known >= 0 ? known : asks.push(params) - 1;
  };
  const places: number[] = [];
  const always = bands.some(({ when }) => when === 'otherwise');
  for (const band of [...bands, ...(always ? [] : [{ when: 'otherwise' } as Band])]) {
    if (band.off) {
      places.push(-1);
      continue;
    }
    const read = kind.params.safeParse({ ...rule.params, ...band.params });
    if (!read.success)
      return { ok: false, fault: read.error.issues[0]?.message ?? 'the params of a band are not usable' };
    places.push(place(kind.ground ? kind.ground(read.data, zone) : read.data));
  }
  // Asked for every event, and the same for hours.
  let known = { from: 0, to: 0, band: -1, edge: undefined as number | undefined };
  const table: BandTable = {
    asks,
    at(now) {
      if (now < known.from || now >= known.to) {
        const edge = nextBand(bands, zone, now);
        known = { from: now, to: edge ?? now + farMs, band: bandAt(bands, zone, now), edge };
      }
      return known;
    },
    askOf: (band) => places[band < 0 ? bands.length : band] ?? -1,
    bandOf: (band) => bands[band],
    receiversOf: (band) => bands[band]?.to ?? rule.to,
  };
  return { ok: true, table };
}
