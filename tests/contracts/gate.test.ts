// The laws of a gate, for every gate there is.
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/core/alert.ts';
import type { Notification } from '../../src/core/notification.ts';
import type { Style } from '../../src/core/style.ts';
import type { Facts } from '../../src/notify/gate.ts';
import { gates } from '../../src/notify/gates/index.ts';

const now = Date.UTC(2026, 5, 10, 23, 0, 0);
const severity = fc.constantFrom('info' as const, 'warning' as const, 'critical' as const);
const kind = fc.constantFrom(
  ...(['firing', 'worse', 'over', 'reminder', 'notice', 'summary', 'note'] as const),
);
const soon = fc.integer({ min: now - 100_000, max: now + 100_000 });

const anyAlert: fc.Arbitrary<Alert> = fc.record({
  id: fc.constant('a_1'),
  ruleId: fc.constantFrom('r_1', 'r_2'),
  ownerId: fc.constant('p_1'),
  key: fc.string(),
  labels: fc.constant({}),
  topic: fc.constantFrom('disk.usage', 'cpu.load'),
  subject: fc.string(),
  title: fc.string(),
  fields: fc.constant({}),
  status: fc.constantFrom('firing' as const, 'acknowledged' as const, 'resolved' as const),
  severity,
  reading: fc.constant({ is: 'met' as const, text: '' }),
  since: soon,
  firedAt: soon,
  acknowledgedAt: fc.constant(null),
  acknowledgedBy: fc.constant(null),
  resolvedAt: fc.constant(null),
  snoozedUntil: fc.option(soon),
  dueAt: fc.constant(null),
  count: fc.nat(),
  rev: fc.nat(),
});
const anyStyle: fc.Arbitrary<Style> = fc.record(
  {
    hours: fc.constant([{ from: 540, to: 1080, days: [1, 2, 3, 4, 5] }]),
    least: severity,
    gather: fc.constantFrom(
      [{ when: 'otherwise' as const, waitMs: 60_000 }],
      [{ when: [{ from: 1140, to: 360 }], waitMs: 'end' as const }],
    ),
    caps: fc.record({ hour: fc.integer({ min: 1, max: 3 }), delayMs: fc.constant(60_000) }),
    digest: fc.constant(true as const),
    urgent: fc.option(severity),
  },
  { requiredKeys: [] },
);
const anyFacts: fc.Arbitrary<Facts> = fc.record({
  onTrial: fc.boolean(),
  explainedBy: fc.option(anyAlert, { nil: null }),
  style: anyStyle,
  digestAt: fc.record({ next: soon, last: soon }),
  sent: fc.array(fc.integer({ min: now - 7_200_000, max: now }), { maxLength: 4 }),
  gatheringSince: fc.option(fc.integer({ min: now - 100_000, max: now }), { nil: undefined }),
  disabled: fc.option(fc.constant('blocked')),
  ownerLeft: fc.boolean(),
  optOuts: fc.array(fc.constantFrom('disk.**', 'builds.*'), { maxLength: 2 }),
  settings: fc.record({
    zone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata'),
    quiet: fc.option(
      fc.record({
        window: fc.record({ from: fc.nat(1439), to: fc.nat(1439) }),
        breakthrough: fc.option(severity),
      }),
    ),
    morning: fc.constant(540),
    away: fc.option(
      fc.record({ since: fc.constant(0), until: soon, delegate: fc.option(fc.constant('p_2')) }),
    ),
  }),
  silences: fc.array(
    fc.record({
      id: fc.constant('z'),
      ownerId: fc.constant('p_1'),
      topic: fc.constantFrom('**', 'disk.*'),
      match: fc.constant([]),
      ruleId: fc.option(fc.constant('r_1')),
      startsAt: soon,
      endsAt: soon,
      by: fc.constant('Ana'),
      comment: fc.string(),
    }),
    { maxLength: 3 },
  ),
  alert: fc.option(anyAlert),
  heard: fc.boolean(),
  toldOver: fc.boolean(),
  told: fc.array(
    fc.record({
      id: fc.nat(),
      kind,
      severity,
      status: fc.constantFrom('ready' as const, 'sending' as const, 'retry' as const, 'sent' as const),
    }),
    { maxLength: 3 },
  ),
});
const anyNotification: fc.Arbitrary<Notification> = fc.record({
  id: fc.nat(),
  kind,
  receiverId: fc.constant('v_1'),
  alertId: fc.option(fc.constant('a_1')),
  alertRev: fc.option(fc.nat()),
  severity,
  status: fc.constantFrom('pending' as const, 'held' as const),
  reason: fc.option(fc.constantFrom('silenced' as const, 'snoozed' as const, 'quiet-hours' as const)),
  detail: fc.constant(null),
  notBefore: fc.option(soon),
  body: fc.option(fc.string()),
  viaId: fc.constant(null),
  askedAt: fc.constant(null),
  attempts: fc.constant(0),
  createdAt: soon,
});

describe.each(gates.map((gate) => [gate.name, gate] as const))('gate %s', (_name, gate) => {
  it('gives a verdict with a reason and a sentence, holds only into the future, and changes nothing', () => {
    fc.assert(
      fc.property(anyNotification, anyFacts, (notification, facts) => {
        const before = JSON.stringify([notification, facts]);
        const verdict = gate.judge(notification, facts, now);
        expect(JSON.stringify([notification, facts])).toBe(before);
        expect(gate.judge(notification, facts, now)).toEqual(verdict);
        if (verdict.is === 'send') return;
        expect(verdict.reason).toMatch(/^[a-z-]+$/);
        expect(verdict.text).toMatch(/^[A-Z]/);
        if (verdict.is === 'hold') expect(verdict.until).toBeGreaterThan(now);
      }),
      { numRuns: 1000 },
    );
  });

  it('sometimes objects and sometimes does not', () => {
    const verdicts = new Set(
      fc
        .sample(fc.tuple(anyNotification, anyFacts), 2000)
        .map(([notification, facts]) => gate.judge(notification, facts, now).is),
    );
    expect(verdicts.size).toBeGreaterThan(1);
  });
});

it('every file of the shelf is in the order, once', () => {
  const files = readdirSync(new URL('../../src/notify/gates', import.meta.url)).filter(
    (file) => file !== 'index.ts',
  );
  expect(files.length).toBeGreaterThan(5);
  expect(gates.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort());
});
