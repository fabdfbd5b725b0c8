// What becomes of a receiver's undecided notifications: every verdict, and what quiet hours held told together. Pure.
import { gathering, type Notification, type Reason, type Verdict } from '#core/notification.ts';
import { type Severity, severities } from '#core/severity.ts';
import { breaks, type Facts, speaksOfMany, type Telling, waitsToBeWritten } from './gate.ts';
import { judge } from './gates/index.ts';

export interface Plan {
  /** One for each notification, in their order; `in-summary` ones appear here as dropped. */
  decisions: { id: number; verdict: Verdict }[];
  /** Those one summary tells together; empty for none. */
  summarised: Notification[];
  /** The summary's severity: the worst of what it tells. */
  severity: Severity;
  /** Why they were held: what its first line says. */
  why: (typeof gathering)[number];
  /** Messages not yet written that will now say something worse. */
  raised: { id: number; severity: Severity }[];
}

/** Judges in order; what one sends, the next knows. `factsOf` is asked once for each notification. */
export function plan(
  undecided: Notification[],
  factsOf: (notification: Notification) => Facts,
  now: number,
): Plan {
  const decisions: Plan['decisions'] = [];
  const raised: Plan['raised'] = [];
  const waking: Notification[] = [];
  const passed = new Map<string, Telling[]>();
  const sent: number[] = [];
  for (const notification of undecided) {
    const before = passed.get(notification.alertId ?? '') ?? [];
    const known = factsOf(notification);
    const facts = { ...known, told: [...known.told, ...before], sent: [...known.sent, ...sent] };
    const verdict = judge(notification, facts, now);
    decisions.push({ id: notification.id, verdict });
    if (verdict.is === 'drop' && verdict.reason === 'superseded' && notification.kind === 'worse') {
      const carrier = facts.told.find((telling) => breaks(telling.kind) && waitsToBeWritten(telling));
      if (carrier) raised.push({ id: carrier.id, severity: notification.severity });
    }
    if (verdict.is !== 'send') continue;
    if (notification.alertId !== null)
      passed.set(notification.alertId, [
        ...before,
        {
          id: notification.id,
          kind: notification.kind,
          severity: notification.severity,
          status: 'ready',
        },
      ]);
    // Together they are one message, so that none of them stands in the way of the others.
    if (isGathered(notification) && notification.alertId !== null) waking.push(notification);
    else if (!speaksOfMany(notification.kind)) sent.push(now);
  }
  // A single thing is told as itself.
  const summarised = waking.length > 1 ? waking : [];
  const folded = new Set(summarised.map(({ id }) => id));
  return {
    decisions: decisions.map((decision) => (folded.has(decision.id) ? inSummary(decision.id) : decision)),
    summarised,
    severity: worst([...summarised, ...raised.filter(({ id }) => folded.has(id))]),
    why: gathering.find((reason) => summarised.some((one) => one.reason === reason)) ?? 'quiet-hours',
    raised,
  };
}

function isGathered({ reason }: Notification): boolean {
  return (gathering as readonly (Reason | null)[]).includes(reason);
}

function inSummary(id: number): Plan['decisions'][number] {
  const text = 'Told in one message with others.';
  return { id, verdict: { is: 'drop', reason: 'in-summary', text } };
}

function worst(notifications: { severity: Severity }[]): Severity {
  const rank = Math.max(0, ...notifications.map(({ severity }) => severities.indexOf(severity)));
  return severities[rank]!;
}
