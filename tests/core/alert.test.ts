// The laws of an alert's life, on random lives.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Alert, Observation, Signal, Step } from '#core/alert.ts';
import { openAlert, stepAlert } from '#core/alert-life.ts';
import { compareSeverity, severities } from '#core/severity.ts';

const birth = { id: 'a', ruleId: 'r', ownerId: 'p', key: 'k', labels: {}, topic: 't', subject: 's' };
const by = { is: 'person', personId: 'p_1', name: 'Ana', role: 'member' } as const;
const seen = fc.record({
  severity: fc.constantFrom(...severities),
  forMs: fc.constantFrom(0, 10),
  keepFiringForMs: fc.constantFrom(0, 10),
  momentary: fc.constantFrom(false, false, false, true),
});
const observed = (
  {
    severity,
    forMs,
    keepFiringForMs,
  }: { severity: Alert['severity']; forMs: number; keepFiringForMs: number },
  is: 'met' | 'unmet',
  momentary = false,
): Observation => ({
  reading: momentary ? { is, momentary, text: '' } : { is, text: '' },
  severity,
  title: 'T',
  fields: {},
  forMs,
  keepFiringForMs,
  seq: 1,
});
const signal = fc.oneof(
  seen.map((given): Signal => ({ is: 'met', seen: observed(given, 'met') })),
  seen.map((given): Signal => ({ is: 'unmet', seen: observed(given, 'unmet') })),
  fc.constantFrom<Signal>(
    { is: 'due' },
    { is: 'wake' },
    { is: 'acknowledge', by },
    { is: 'release', by },
    { is: 'resolve', by },
    { is: 'withdraw', why: 'gone' },
  ),
  fc.nat(200).map((until): Signal => ({ is: 'snooze', by, until })),
);
const life = fc.tuple(seen, fc.array(fc.tuple(fc.nat(8), signal), { maxLength: 25 }));

function live(
  [first, signals]: [Parameters<typeof observed>[0] & { momentary: boolean }, [number, Signal][]],
  each: (before: Alert, signal: Signal, step: Step | undefined, now: number) => void,
): Step[] {
  let now = 0;
  const steps = [openAlert(birth, observed(first, 'met', first.momentary), now)];
  for (const [gap, given] of signals) {
    now += gap;
    const before = steps.at(-1)!.alert;
    const step = stepAlert(before, given, now);
    each(before, given, step, now);
    if (step) steps.push(step);
  }
  return steps;
}

it('keeps its laws', () => {
  fc.assert(
    fc.property(life, (given) => {
      const steps = live(given, (before, signal, step, now) => {
        if (before.status === 'resolved') expect(step).toBeUndefined();
        if (!step) return;
        const { alert, transition } = step;
        expect(alert.rev).toBe(before.rev + 1);
        expect(transition).toMatchObject({
          alertId: alert.id,
          rev: alert.rev,
          from: before.status,
          to: alert.status,
          at: now,
        });
        expect(transition.byRef === null).toBe(!('by' in signal));
        // It never gets better while it burns, and worse is called worse.
        expect(compareSeverity(alert.severity, before.severity)).toBeGreaterThanOrEqual(0);
        expect(transition.change === 'worse').toBe(
          alert.severity !== before.severity && before.status !== 'pending',
        );
        // Nothing moves between pending and acknowledged without firing.
        if (alert.status === 'acknowledged') expect(['firing', 'acknowledged']).toContain(before.status);
        if (before.status !== 'pending') expect(alert.status).not.toBe('pending');
        expect(alert.count).toBe(before.count + (signal.is === 'met' ? 1 : 0));
      });
      for (const { alert } of steps) {
        if (alert.status === 'acknowledged')
          expect([alert.firedAt === null, alert.acknowledgedAt === null]).toEqual([false, false]);
        if (alert.status === 'firing')
          expect([alert.firedAt === null, alert.acknowledgedAt]).toEqual([false, null]);
        if (alert.status === 'pending')
          expect([alert.firedAt, alert.snoozedUntil, alert.dueAt === null]).toEqual([null, null, false]);
        expect(alert.status === 'resolved').toBe(alert.resolvedAt !== null);
        if (alert.status === 'resolved') expect([alert.dueAt, alert.snoozedUntil]).toEqual([null, null]);
      }
      expect(steps.map(({ alert }) => alert.rev)).toEqual(steps.map((_, i) => i + 1));
    }),
    { numRuns: 2000 },
  );
});

it('changes nothing when a signal that is no reading is played again', () => {
  fc.assert(
    fc.property(life, (given) => {
      live(given, (_before, signal, step, now) => {
        if (step && signal.is !== 'met') expect(stepAlert(step.alert, signal, now)).toBeUndefined();
      });
    }),
    { numRuns: 1000 },
  );
});

it('survives the ledger: JSON in between changes no life', () => {
  fc.assert(
    fc.property(life, (given) => {
      live(given, (before, signal, step, now) => {
        expect(stepAlert(JSON.parse(JSON.stringify(before)) as Alert, signal, now)).toEqual(step);
      });
    }),
    { numRuns: 500 },
  );
});

it('goes through pending, firing, acknowledged and over', () => {
  const hot = observed({ severity: 'warning', forMs: 10, keepFiringForMs: 0 }, 'met');
  const steps = [openAlert(birth, hot, 0)];
  const next = (given: Signal, now: number) => {
    const step = stepAlert(steps.at(-1)!.alert, given, now);
    if (step) steps.push(step);
    return step?.transition.change;
  };
  expect(next({ is: 'acknowledge', by }, 1)).toBeUndefined();
  expect(next({ is: 'due' }, 9)).toBeUndefined();
  expect(next({ is: 'due' }, 10)).toBe('fired');
  expect(next({ is: 'snooze', by, until: 50 }, 11)).toBe('snoozed');
  expect(next({ is: 'acknowledge', by }, 12)).toBe('acknowledged');
  expect(steps.at(-1)!.alert).toMatchObject({ acknowledgedBy: 'Ana', snoozedUntil: null });
  expect(next({ is: 'met', seen: { ...hot, severity: 'critical' } }, 13)).toBe('worse');
  expect(steps.at(-1)!.alert).toMatchObject({ status: 'firing', acknowledgedBy: null });
  expect(next({ is: 'unmet', seen: hot }, 14)).toBe('resolved');
  expect(next({ is: 'met', seen: hot }, 15)).toBeUndefined();
});
