// Time bands of a rule: what is different at which hours of the week, by the owner's own clock.
import { z } from 'zod';
import { parseClock, sayClock, type Window, windowEdges, windowEnd } from './hours.ts';
import { type Severity, severitySchema } from './severity.ts';

/** The hours of a band; `otherwise`: whenever no band before it holds. */
export type When = 'otherwise' | Window[];

/** One row of the table: what the rule says differently while it holds. */
export interface Band {
  when: When;
  /** Laid over the rule's own params. */
  params?: Record<string, unknown>;
  /** Receiver ids instead of the rule's. */
  to?: string[];
  severity?: Severity;
  /** Nothing begins while it holds. */
  off?: true;
}

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const wholeDay = 1440;

/** Reads `Mon-Fri 09:00-18:00`, `Sat,Sun`, `22-7`, several joined by `;`, or `otherwise`. */
export function parseWhen(text: string): { ok: true; when: When } | { ok: false; fault: string } {
  const trimmed = text.trim();
  if (/^otherwise$/i.test(trimmed)) return { ok: true, when: 'otherwise' };
  const windows: Window[] = [];
  for (const part of trimmed.split(';')) {
    const window = readWindow(part.trim());
    if (!window)
      return {
        ok: false,
        fault: `“${part.trim().slice(0, 40)}” is no time of the week; try Mon-Fri 09:00-18:00, Sat-Sun, 22:00-07:00 or otherwise`,
      };
    windows.push(window);
  }
  return windows.length > 7
    ? { ok: false, fault: 'a band has at most seven times of the week' }
    : { ok: true, when: windows };
}

function readWindow(text: string): Window | undefined {
  const spelled = text
    .replace(/[–—]/g, '-')
    .replace(/\bweekdays?\b/i, 'Mon-Fri')
    .replace(/\bweekends?\b/i, 'Sat-Sun');
  const found =
    /^([a-z]{3,9}(?:\s*[-,]\s*[a-z]{3,9})*)?\s*(?:(\d[\d:.h]*\s*(?:am|pm)?)\s*-\s*(\d[\d:.h]*\s*(?:am|pm)?))?$/i.exec(
      spelled,
    );
  if (!found || (!found[1] && !found[2])) return undefined;
  const chosen = found[1] ? readDays(found[1]) : undefined;
  if (found[1] && !chosen) return undefined;
  const from = found[2] === undefined ? 0 : readClock(found[2]);
  const to = found[3] === undefined ? wholeDay : readClock(found[3]);
  if (from === undefined || to === undefined || from === to || from === wholeDay) return undefined;
  return { from, to, ...(chosen && chosen.length < 7 ? { days: chosen } : {}) };
}

function readClock(text: string): number | undefined {
  return /^24([:.h]00)?$/.test(text.trim()) ? wholeDay : parseClock(text);
}

function readDays(text: string): number[] | undefined {
  const chosen = new Set<number>();
  for (const part of text.toLowerCase().split(/\s*,\s*/)) {
    const [first, last = first] = part.split(/\s*-\s*/).map((name) => days.indexOf(name.slice(0, 3)));
    if (first === undefined || last === undefined || first < 0 || last < 0) return undefined;
    for (let day = first; ; day = (day + 1) % 7) {
      chosen.add(day + 1);
      if (day === last) break;
    }
  }
  return [...chosen].sort();
}

/** The text that `parseWhen` reads back. */
export function printWhen(when: When): string {
  if (when === 'otherwise') return 'otherwise';
  return when.map(printWindow).join('; ');
}

function printWindow({ from, to, days: chosen }: Window): string {
  const whole = from === 0 && to === wholeDay;
  const hours = `${clock(from)}-${clock(to)}`;
  if (!chosen) return hours;
  return whole ? printDays(chosen) : `${printDays(chosen)} ${hours}`;
}

const clock = (minute: number) => sayClock(minute).padStart(5, '0');

function printDays(chosen: number[]): string {
  const runs: [number, number][] = [];
  for (const day of chosen) {
    const run = runs.at(-1);
    if (run && run[1] === day - 1) run[1] = day;
    else runs.push([day, day]);
  }
  return runs
    .map(([first, last]) => (first === last ? names[first - 1] : `${names[first - 1]}-${names[last - 1]}`))
    .join(',');
}

/** The bands in the few words that a name has room for: `Mon-Fri 9-18, otherwise 97`. */
export function nameBands(bands: readonly Band[]): string {
  const last = bands.at(-1);
  const onlyThen = last?.when === 'otherwise' && last.off === true && bands.length > 1;
  const rows = (onlyThen ? bands.slice(0, -1) : bands).map(({ when, params = {}, severity, off }) => {
    const hours = printWhen(when).replace(/\b0?(\d{1,2}):00\b/g, '$1');
    const said = off ? ['off'] : [...Object.values(params).map(sayParam), ...(severity ? [severity] : [])];
    if (said.length === 0) return hours;
    return `${hours}${when === 'otherwise' ? '' : ':'} ${said.join(' ')}`;
  });
  return rows.length > 3 ? `${rows.slice(0, 2).join(', ')}, …` : rows.join(', ');
}

const sayParam = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** Which band holds now; -1: none, the rule is as written. */
export function bandAt(bands: readonly Band[], zone: string, now: number): number {
  return bands.findIndex(
    ({ when }) => when === 'otherwise' || when.some((window) => windowEnd(window, zone, now) !== undefined),
  );
}

/** The first instant after `now` at which another band holds than now; undefined: never within eight days. */
export function nextBand(bands: readonly Band[], zone: string, now: number): number | undefined {
  const windows = bands.flatMap(({ when }) => (when === 'otherwise' ? [] : when));
  const present = bandAt(bands, zone, now);
  return windowEdges(windows, zone, now).find((edge) => bandAt(bands, zone, edge) !== present);
}

/** A band as people write it. */
export const bandDocument = z.strictObject({
  when: z.string().transform((text, context): When => {
    const read = parseWhen(text);
    if (read.ok) return read.when;
    context.addIssue({ code: 'custom', message: read.fault });
    return z.NEVER;
  }),
  params: z.record(z.string(), z.unknown()).optional(),
  to: z.array(z.string()).max(20).optional(),
  severity: severitySchema.optional(),
  off: z.literal(true).optional(),
});
