// A fifth of all attempts goes wrong, on every channel: all is delivered or dead with a reason, every repeat is marked, and it recovers in time.
import { afterAll, describe, expect, it } from 'vitest';
import { channelsOf } from '../../src/notify/channels/index.ts';
import { type FaultReport, faultRun } from './fault-run.ts';

// FAULT_ALERTS, FAULT_SHARE and FAULT_SEED: more of it, another share, other luck.
const plan = {
  alerts: Number(process.env.FAULT_ALERTS ?? 5),
  share: Number(process.env.FAULT_SHARE ?? 0.2),
  seed: Number(process.env.FAULT_SEED ?? 20_261_126),
};
// A peer is not told that something burns, only what people did: tests/journeys/pass-back.test.ts.
const names = channelsOf({} as never)
  .map(({ name }) => name)
  .filter((name) => name !== 'peer');
const reports: FaultReport[] = [];
afterAll(() => process.stdout.write(`${table(reports)}\n`));

describe.each(names)('%s', (name) => {
  it('loses nothing, repeats nothing unmarked and recovers', async () => {
    const report = await faultRun(name, { ...plan, seed: plan.seed + names.indexOf(name) });
    reports.push(report);
    const { faults, told, tries, taken, recoveredMs, statedMs, wrongs } = report;
    expect(faults).toBeGreaterThan(0);
    expect(told.filter(({ kind }) => kind === 'firing')).toHaveLength(plan.alerts);
    for (const { status, reason, detail } of told)
      if (status === 'suppressed') expect(reason).toMatch(/^(superseded|never-told)$/);
      else if (status !== 'sent')
        expect({ status, reason, detail }).toEqual({
          status: 'dead',
          reason: 'refused',
          detail: expect.stringMatching(/\w/),
        });
    const doubtful = new Set<number>();
    for (const { notificationId, outcome, marked } of tries) {
      expect(marked, `a try of ${notificationId}`).toBe(doubtful.has(notificationId));
      if (outcome === 'unknown') doubtful.add(notificationId);
    }
    const plainly = new Map<string, number>();
    for (const { text, marked } of taken)
      if (!marked) plainly.set(about(text), (plainly.get(about(text)) ?? 0) + 1);
    expect(
      [...plainly].filter(([, times]) => times > 1),
      'told twice without a mark',
    ).toEqual([]);
    const arrived = new Set(taken.map(({ text }) => about(text)));
    const sent = told.filter(({ status }) => status === 'sent');
    expect(arrived.size).toBeGreaterThanOrEqual(sent.length);
    expect(recoveredMs).toBeLessThanOrEqual(statedMs);
    expect(wrongs).toEqual([]);
  }, 120_000);
});

/** Which alert, and whether its beginning or its end. */
function about(text: string): string {
  return `${/\/data\d+/.exec(text)?.[0]} ${/\bover\b|came and went|alert\.resolved/.test(text) ? 'over' : 'begins'}`;
}

function table(all: FaultReport[]): string {
  const rows = all.map(({ channel, told, tries, faults, taken, recoveredMs, statedMs }) => [
    channel,
    String(told.length),
    String(tries.length),
    String(faults),
    String(told.filter(({ status }) => status === 'dead').length),
    String(taken.filter(({ marked }) => marked).length),
    `${(recoveredMs / 1000).toFixed(1)} s`,
    `${Math.round(statedMs / 1000)} s`,
  ]);
  const head = ['channel', 'to tell', 'attempts', 'faults', 'dead', 'marked', 'recovered', 'within'];
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell) => cell.padEnd(11))
        .join('')
        .trimEnd(),
    )
    .join('\n');
}
