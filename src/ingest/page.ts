// What a module is given to read: the pages that a target answered with, and how counters grew since the last time.
import { readExposition, type Sample } from '#core/exposition.ts';
import type { Json } from '#core/json.ts';
import { inside, own } from '#core/own.ts';

/** A page of metrics, asked by name. Numbers that are not finite count as absent. */
export interface Metrics {
  /** Every sample of this name, and with these labels. */
  all(name: string, labels?: Record<string, string>): Sample[];
  /** The first of them; undefined when there is none. */
  one(name: string, labels?: Record<string, string>): number | undefined;
  /** All of them together; undefined when there is none. */
  sum(name: string, labels?: Record<string, string>): number | undefined;
}

export type PageRead<T> = { ok: true; page: T } | { ok: false; text: string };

/** Samples whose own time is older than this are stale: whoever wrote them has stopped. */
const staleMs = 300_000;

/** Reads a page of metrics; only the names that are wanted are kept. */
export function readMetrics(
  text: string,
  mediaType: string,
  wanted: readonly string[] | undefined,
  now: number,
): PageRead<Metrics> {
  const names = wanted && new Set(wanted);
  const openMetrics = /^application\/openmetrics-text\b/i.test(mediaType);
  const read = readExposition(text, { openMetrics, ...(names ? { wanted: (name) => names.has(name) } : {}) });
  if (!read.ok)
    return { ok: false, text: `it did not answer with a page of metrics (line ${read.line}: ${read.text})` };
  const fresh = read.samples.filter(({ at }) => at === undefined || at > now - staleMs);
  return { ok: true, page: metricsOf(fresh) };
}

/** The samples by their names. */
export function metricsOf(samples: readonly Sample[]): Metrics {
  const byName = new Map<string, Sample[]>();
  for (const sample of samples) {
    if (!Number.isFinite(sample.value)) continue;
    const own = byName.get(sample.name);
    if (own) own.push(sample);
    else byName.set(sample.name, [sample]);
  }
  const all: Metrics['all'] = (name, labels = {}) =>
    (byName.get(name) ?? []).filter((sample) =>
      Object.entries(labels).every(([label, value]) => sample.labels.get(label) === value),
    );
  return {
    all,
    one: (name, labels) => all(name, labels)[0]?.value,
    sum(name, labels) {
      const found = all(name, labels);
      return found.length === 0 ? undefined : found.reduce((total, { value }) => total + value, 0);
    },
  };
}

/** The value at a path such as `result.0.price` in a JSON page; undefined when there is none. */
export function valueAt(page: Json, path: string): Json | undefined {
  const steps = path.split('.').filter((step) => step !== '');
  return inside(page, steps);
}

/** For each field the first of its metrics that the page has, summed over its series. */
export function pick<F extends string>(
  metrics: Metrics,
  fields: Record<F, readonly string[]>,
): Partial<Record<F, number>> {
  const found: Partial<Record<F, number>> = {};
  for (const [field, names] of Object.entries(fields) as [F, readonly string[]][]) {
    const name = names.find((one) => metrics.all(one).length > 0);
    const value = name === undefined ? undefined : metrics.sum(name);
    if (value !== undefined) found[field] = value;
  }
  return found;
}

/** A number, also one that is written as text, as APIs of money do. */
export function numberOf(value: Json | undefined): number | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Rounded to this many decimals. */
export function rounded(value: number, decimals = 2): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}

/** What is remembered of a target from one scrape to the next: the counters, and when they were read. */
export interface Memory {
  at: number;
  counters: Record<string, number>;
}

export interface Counters {
  /** How much the counter grew a second since the last scrape; undefined at first, and after it began anew. */
  perSecond(name: string, value: number | undefined): number | undefined;
  /** How much it grew since the last scrape. */
  growth(name: string, value: number | undefined): number | undefined;
  /** What was kept under this name the last time. */
  last(name: string): number | undefined;
  keep(name: string, value: number): void;
  memory(): Memory;
}

/** Compares the counters of this scrape with those of the last. */
export function openCounters(before: Memory | null, now: number): Counters {
  const counters: Record<string, number> = {};
  const last = (name: string) => own(before?.counters, name);
  const growth = (name: string, value: number | undefined) => {
    if (value === undefined) return undefined;
    counters[name] = value;
    const was = last(name);
    return was === undefined || value < was ? undefined : value - was;
  };
  return {
    growth,
    last,
    keep(name, value) {
      counters[name] = value;
    },
    perSecond(name, value) {
      const grown = growth(name, value);
      const seconds = before ? (now - before.at) / 1_000 : 0;
      return grown === undefined || seconds <= 0 ? undefined : grown / seconds;
    },
    memory: () => ({ at: now, counters }),
  };
}
