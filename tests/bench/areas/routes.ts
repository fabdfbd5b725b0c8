// What one more user costs each event: the index beside Alertmanager with a route for each user, which it tries in turn.
import { ruleAsks } from '#core/rule.ts';
import { packRule } from '#store/rule-feed.ts';
import { makeRuleIndex } from '../../../src/evaluate/index/rule-index.ts';
import { Texts } from '../../../src/evaluate/index/texts.ts';
import { packedForm } from '../../../src/evaluate/index/watch.ts';
import { type Area, type Cell, type Findings, number, ratioAtLeast } from '../area.ts';
import { alternate, median } from '../clock.ts';
import { startYard } from '../load/yard.ts';
import { eventNumber, ruleNumber } from '../many-rules.ts';
import { installed, startAlertmanager } from '../peers/alertmanager.ts';
import { cpuOf } from '../peers/process.ts';

export const routes: Area = {
  name: 'routes',
  title: 'an event among 1,000 to 100,000 wishes: the index, a scan, and Alertmanager with a route for each',
  async measure({ quick, say }) {
    const findings: Findings = { tables: [], aims: [] };
    const rows: Cell[][] = [];
    for (const size of quick ? [1_000] : [1_000, 10_000, 100_000]) {
      say(`${size.toLocaleString('en-US')} wishes`);
      const texts = new Texts();
      const index = makeRuleIndex(packedForm(texts));
      const rules = Array.from({ length: size }, (_, i) => ruleNumber(i, size));
      for (const rule of rules) index.put(texts.add(packRule(rule)));
      const events = Array.from({ length: 4_000 }, (_, i) => eventNumber(i, size));
      const eventAt = (step: number) => events[step % events.length]!;
      const { own } = alternate({ own: (step) => index.ask(eventAt(step)).found }, { rounds: 5, ms: 200 });
      const scan = (step: number) => rules.filter((rule) => ruleAsks(rule, eventAt(step))).length;
      const { all } = alternate({ all: scan }, { rounds: 3, ms: 200, most: 16 });
      const peer = installed('prometheus-alertmanager') ? await cpuWithRoutes(size, quick) : Number.NaN;
      rows.push([
        number(size),
        number(own! / 1_000),
        number(all! / 1_000),
        number(peer),
        number((peer * 1_000) / own!),
      ]);
      if (size === 10_000)
        findings.aims.push(ratioAtLeast(12, 'less than a scan of 10,000 rules', all! / own!, 1_000, 10_000));
      if (size === 100_000 && !Number.isNaN(peer))
        findings.aims.push(
          ratioAtLeast(12, 'less than Alertmanager with 100,000 routes', (peer * 1_000) / own!, 100, 1_000),
        );
    }
    findings.tables.push({
      title: 'Finding who wants an event',
      columns: ['wishes', 'index µs', 'scan µs', 'Alertmanager µs', '× index'],
      rows,
      notes: [
        'CPU for each event. Alertmanager’s is its whole work for an alert, less that with one route; its routes know equality only.',
        'The scan is ours, over parsed rules; json-rules-engine, a generic one, took 611 ms at 10,000 rules where it was measured. It is no dependency of ours, and is not run here.',
      ],
    });
    return findings;
  },
};

/** What the routes add to an alert, µs. */
async function cpuWithRoutes(count: number, quick: boolean): Promise<number> {
  const yard = await startYard();
  const { apiRoot } = yard;
  const peers = [
    await startAlertmanager({ apiRoot, routes: count }),
    await startAlertmanager({ apiRoot, routes: 2 }),
  ];
  try {
    const found: number[][] = [[], []];
    for (let round = 0; round < 3; round++)
      for (const [i, { port, pid }] of peers.entries()) {
        const before = cpuOf(pid);
        const events = quick ? 200 : 1_000;
        const where = {
          port,
          path: '/api/v2/alerts',
          shape: 'alertmanager',
          spread: count,
          topic: '',
        } as const;
        const from = round * 10_000;
        await yard.push({ ...where, from, events, batch: 100, connections: 2, ms: 30_000 });
        // It takes them at once and works through them afterwards.
        await settled(pid);
        found[i]!.push((cpuOf(pid) - before) / events);
      }
    return median(found[0]!) - median(found[1]!);
  } finally {
    for (const peer of peers) await peer.stop();
    await yard.stop();
  }
}

async function settled(pid: number): Promise<void> {
  for (let before = -1, tries = 0; tries < 40; tries++) {
    const now = cpuOf(pid);
    if (now - before < 20_000) return;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
