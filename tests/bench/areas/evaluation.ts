// Which rules ask about an event: the index beside flat arrays that can do nothing else, and beside a scan.
import type { Event } from '#core/event.ts';
import { readNumber } from '#core/field.ts';
import { type Rule, ruleAsks } from '#core/rule.ts';
import { packRule } from '#store/rule-feed.ts';
import { makeRuleIndex } from '../../../src/evaluate/index/rule-index.ts';
import { Texts } from '../../../src/evaluate/index/texts.ts';
import { packedForm } from '../../../src/evaluate/index/watch.ts';
import { type Area, atLeast, atMost, type Cell, type Findings, number, ratioAtMost, words } from '../area.ts';
import { alternate, bytesInUse, timed } from '../clock.ts';
import { makeFlatIndex } from '../flat-index.ts';
import { eventNumber, ruleNumber } from '../many-rules.ts';

const mostScanned = 100_000;

export const evaluation: Area = {
  name: 'evaluation',
  title: 'which rules ask about an event, with 1,000 to 1,000,000 rules and about ten of them asking',
  async measure({ quick, say }) {
    const findings: Findings = { tables: [], aims: [] };
    const rows: Cell[][] = [];
    for (const size of quick ? [1_000, 10_000] : [1_000, 10_000, 100_000, 1_000_000]) {
      say(`${size.toLocaleString('en-US')} rules`);
      const one = await measureSize(size, quick);
      rows.push([
        number(size),
        number(one.matches),
        number(one.index),
        number(one.flat),
        number(one.index / one.flat),
        Number.isNaN(one.scan) ? words('not run') : number(one.scan),
        Number.isNaN(one.scan) ? words('') : number(one.scan / one.index),
        number(1e9 / one.index),
        number(one.bytes),
        number(one.textBytes),
        number(one.seconds),
      ]);
      const what = `index against flat arrays, ${size.toLocaleString('en-US')} rules`;
      findings.aims.push(ratioAtMost(9, what, one.index / one.flat, 3, 1.2));
      if (size === 1_000_000) {
        findings.aims.push({
          row: 9,
          ...atLeast('events a second with 1,000,000 rules', 1e9 / one.index, 100_000, 250_000, '/s'),
        });
        findings.aims.push({
          row: 14,
          ...atMost('memory of the index with 1,000,000 rules', one.bytes, 300, 150, ' B a rule'),
        });
      }
    }
    findings.tables.push({
      title: 'Matching in memory',
      columns: [
        'rules',
        'asking',
        'index ns',
        'flat ns',
        'ratio',
        'scan ns',
        'scan/index',
        'events/s',
        'B/rule',
        '+ text',
        'build s',
      ],
      rows,
      notes: [
        'Index: as the worker asks it. Flat: arrays built for exactly these rules, without fields, strings or changes.',
        `Scan: core’s own words on every rule, up to ${mostScanned.toLocaleString('en-US')}. B/rule: the index; + text: the packed rules it points to.`,
      ],
    });
    return findings;
  },
};

async function measureSize(size: number, quick: boolean) {
  const before = bytesInUse();
  const texts = new Texts();
  const packed = Array.from({ length: size }, (_, i) => texts.add(packRule(ruleNumber(i, size))));
  const withTexts = bytesInUse();
  const index = makeRuleIndex(packedForm(texts));
  const { ms } = await timed(() => {
    for (const one of packed) index.put(one);
  });
  const withIndex = bytesInUse();
  const rival = makeFlatIndex(size, (i) => ruleNumber(i, size));
  const events = Array.from({ length: 20_000 }, (_, i) => eventNumber(i, size));
  const eventAt = (step: number) => events[step % events.length]!;
  check(size, (event) => index.ask(event).found.length, rival.ask, events);
  const rivals: Record<string, (step: number) => unknown> = {
    index: (step) => index.ask(eventAt(step)).found,
    flat: (step) => rival.ask(eventAt(step)),
  };
  const times = alternate(rivals, { rounds: quick ? 3 : 7, ms: quick ? 100 : 400 });
  let scan = Number.NaN;
  if (size <= mostScanned) {
    const rules = Array.from({ length: size }, (_, i) => ruleNumber(i, size));
    scan = alternate({ scan: (step) => scanFor(rules, eventAt(step)) }, { rounds: 3, ms: 200, most: 16 })
      .scan!;
  }
  let matches = 0;
  for (const event of events.slice(0, 2_000)) matches += rival.ask(event);
  return {
    index: times.index!,
    flat: times.flat!,
    scan,
    matches: matches / 2_000,
    bytes: (withIndex - withTexts) / size,
    textBytes: (withTexts - before) / size,
    seconds: ms / 1000,
  };
}

/** How many rules ask and are woken, without an index. */
function scanFor(rules: Rule[], event: Event): number {
  let count = 0;
  for (const rule of rules) {
    if (!ruleAsks(rule, event)) continue;
    const { limit } = rule.params as { limit?: number };
    if (limit === undefined || (readNumber(event, 'value') ?? Number.NaN) > limit) count++;
  }
  return count;
}

function check(
  size: number,
  ask: (event: Event) => number,
  rival: (event: Event) => number,
  events: Event[],
): void {
  for (const event of events.slice(0, 500))
    if (ask(event) !== rival(event)) throw new Error(`index and flat arrays disagree about ${event.id}`);
  if (size > mostScanned) return;
  const rules = Array.from({ length: size }, (_, i) => ruleNumber(i, size));
  for (const event of events.slice(0, 20))
    if (scanFor(rules, event) !== ask(event)) throw new Error(`index and scan disagree about ${event.id}`);
}
