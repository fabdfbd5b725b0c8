// One topic that everybody watches: thresholds by the million, ten of which an event passes.
import type { Event } from '#core/event.ts';
import { packRule } from '#store/rule-feed.ts';
import { makeRuleIndex } from '../../../src/evaluate/index/rule-index.ts';
import { Texts } from '../../../src/evaluate/index/texts.ts';
import { packedForm } from '../../../src/evaluate/index/watch.ts';
import { type Area, atMost, type Cell, type Findings, number } from '../area.ts';
import { alternate } from '../clock.ts';
import { chance, eventNumber, ruleNumber } from '../many-rules.ts';

const fire = 10;

export const hotTopic: Area = {
  name: 'hot-topic',
  title: 'one topic with up to 1,000,000 threshold rules, ten of which an event passes',
  async measure({ quick, say }) {
    const findings: Findings = { tables: [], aims: [] };
    const rows: Cell[][] = [];
    for (const size of quick ? [1_000] : [1_000, 100_000, 1_000_000]) {
      say(`${size.toLocaleString('en-US')} rules`);
      const texts = new Texts();
      const index = makeRuleIndex(packedForm(texts));
      const limits = new Float64Array(size);
      for (let i = 0; i < size; i++) {
        limits[i] = 100 * chance(i, 21);
        const params = { field: 'value', op: '>', limit: limits[i]! };
        const { id } = ruleNumber(i, size);
        index.put(texts.add(packRule({ ...ruleNumber(0, size), id, topic: 'hot', match: [], params })));
      }
      const sorted = limits.toSorted();
      const values = Array.from({ length: 512 }, (_, i) => sorted[fire - 1 + (i % 3)]! * 1.000001);
      const events: Event[] = values.map((value, i) => ({
        ...eventNumber(i, size),
        type: 'hot',
        data: { value },
      }));
      const asked = index.ask(events[0]!).found.length;
      if (asked !== fire) throw new Error(`${asked} rules instead of ${fire}`);
      const eventAt = (step: number) => events[step % events.length]!;
      const rivals = {
        index: (step: number) => index.ask(eventAt(step)).found,
        flat: (step: number) => sortedBelow(sorted, eventAt(step).data.value as number),
      };
      const times = alternate(rivals, { rounds: quick ? 3 : 7, ms: 300 });
      const { scan } = alternate(
        { scan: (step: number) => scanBelow(limits, eventAt(step).data.value as number) },
        { rounds: 3, ms: 300, most: 50 },
      );
      rows.push([
        number(size),
        number(times.index!),
        number(times.flat!),
        number(scan!),
        number(scan! / times.index!),
      ]);
      if (size === 1_000_000)
        findings.aims.push({
          row: 11,
          ...atMost('an event on a topic with 1,000,000 thresholds', times.index! / 1000, 5, 0.5, ' µs'),
        });
    }
    findings.tables.push({
      title: 'A hot topic',
      columns: ['rules', 'index ns', 'sorted array ns', 'scan ns', 'scan/index'],
      rows,
      notes: ['Scan: the limits alone, in one flat array; a scan of rules costs more.'],
    });
    return findings;
  },
};

function sortedBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function scanBelow(limits: Float64Array, value: number): number {
  let count = 0;
  for (let i = 0; i < limits.length; i++) if (limits[i]! < value) count++;
  return count;
}
