// Counts and durations for Prometheus. What each means: app/figures.ts; labels come from closed sets, never from events.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Meter } from '#core/log.ts';
import { labelled, plain } from './app/figures.ts';

export interface Metrics extends Meter {
  /** A figure that is asked for when Prometheus looks. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void;
  /** The page as Prometheus reads it. */
  page(): Promise<string>;
  contentType: string;
}

/** Different sets of labels of one name, at most; what comes after is counted under `other`. */
const mostSeries = 100;
const seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Makes a set of metrics in which nothing was counted yet. */
export function openMetrics(): Metrics {
  const registry = new Registry();
  const known = new Map<string, { metric: Counter | Histogram; series: Set<string>; names: string[] }>();

  const find = (
    name: string,
    labels: Record<string, string>,
    make: (labelNames: string[]) => Counter | Histogram,
  ) => {
    let entry = known.get(name);
    if (!entry) {
      const names = Object.keys(labels).sort();
      entry = { metric: make(names), series: new Set(), names };
      known.set(name, entry);
    }
    const own = Object.fromEntries(entry.names.map((label) => [label, labels[label] ?? '']));
    const key = JSON.stringify(own);
    if (!entry.series.has(key) && entry.series.size >= mostSeries)
      return {
        metric: entry.metric,
        labels: Object.fromEntries(entry.names.map((label) => [label, 'other'])),
      };
    entry.series.add(key);
    return { metric: entry.metric, labels: own };
  };
  const base = (name: string, labelNames: string[]) => ({
    name,
    help: helpOf(name),
    labelNames,
    registers: [registry],
  });

  for (const [name, help] of Object.entries(plain)) {
    const metric = new Counter({ name, help, registers: [registry] });
    const entry = { metric, series: new Set<string>(), names: [] };
    // Also by the words of the rooms: some are counted with every event, and found by one look.
    known.set(name, entry).set(name.replace(/^tocsin_|_total$/g, ''), entry);
  }
  return {
    contentType: registry.contentType,
    count(short, labels = {}, by = 1) {
      const soon = known.get(short);
      // Without labels there is nothing else to look for.
      if (soon?.names.length === 0) return (soon.metric as Counter).inc(by);
      const name = counterName(short);
      const found = find(name, labels, (names) => new Counter(base(name, names)));
      (found.metric as Counter).inc(found.labels, by);
    },
    observe(short, value, labels = {}) {
      const name = fullName(short);
      const found = find(name, labels, (names) => new Histogram({ ...base(name, names), buckets: seconds }));
      (found.metric as Histogram).observe(found.labels, value);
    },
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers: [registry],
        async collect() {
          try {
            this.set(await read());
          } catch {
            this.set(Number.NaN);
          }
        },
      });
    },
    page: () => registry.metrics(),
  };
}

/** As Prometheus wants the names of what only grows. */
function counterName(name: string): string {
  const full = fullName(name);
  return full.endsWith('_total') ? full : `${full}_total`;
}

// Rooms name what they count in their own words; all names of ours begin the same.
function fullName(name: string): string {
  return name.startsWith('tocsin_') ? name : `tocsin_${name}`;
}

function helpOf(name: string): string {
  return plain[name] ?? labelled[name] ?? name.replace(/^tocsin_/, '').replaceAll('_', ' ');
}
