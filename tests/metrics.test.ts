// The page for Prometheus: every figure is named as it should be, means something in words, and is there before its first time.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { labelled, plain } from '../src/app/figures.ts';
import { openMetrics } from '../src/metrics.ts';
import { readHouse } from './architecture/house.ts';

/** What rooms count and measure in the source, in the words that Prometheus reads. */
const counted = [...readHouse(path.resolve(import.meta.dirname, '..')).files]
  .filter(([file]) => file.startsWith('src/'))
  .flatMap(([, text]) => [...text.matchAll(/meter\.(count|observe)\(\s*'(\w+)'(,\s*\{\s*\w)?/g)])
  .map(([, how, name, labels]) => ({
    name: `tocsin_${name!.replace(/^tocsin_|_total$/g, '')}${how === 'count' ? '_total' : ''}`,
    isPlain: how === 'count' && labels === undefined,
  }));

describe('figures', () => {
  it('are all told of in words, with labels or without, and none that nobody counts', () => {
    const names = (isPlain: boolean) =>
      new Set(counted.filter((one) => one.isPlain === isPlain).map(({ name }) => name));
    expect(names(true)).toEqual(new Set(Object.keys(plain)));
    expect(names(false)).toEqual(new Set(Object.keys(labelled)));
  });

  it('without labels begin at 0, so that the first is a change', async () => {
    const page = await openMetrics().page();
    for (const [name, help] of Object.entries(plain)) {
      expect(page).toContain(`# HELP ${name} ${help}\n# TYPE ${name} counter\n${name} 0\n`);
    }
  });

  it('are counted by the short names of the rooms, with or without labels', async () => {
    const metrics = openMetrics();
    metrics.count('events_accepted', {}, 3);
    metrics.count('tocsin_work_failed_total', { job: 'notify' });
    metrics.count('deliveries', { channel: 'email', outcome: 'sent' });
    metrics.observe('tocsin_work_seconds', 0.2, { job: 'notify' });
    const page = await metrics.page();
    expect(page).toContain('\ntocsin_events_accepted_total 3\n');
    expect(page).toContain('\ntocsin_work_failed_total{job="notify"} 1\n');
    expect(page).toContain('\ntocsin_deliveries_total{channel="email",outcome="sent"} 1\n');
    expect(page).toContain(`# HELP tocsin_deliveries_total ${labelled.tocsin_deliveries_total}\n`);
    expect(page).toContain('\ntocsin_work_seconds_count{job="notify"} 1\n');
  });
});
