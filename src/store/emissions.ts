// What alerts pass on: a firing, its getting worse and its end become events of the rule's topic, in the same commit.
import type { Change, Step } from '#core/alert.ts';
import type { Doorbell } from '#core/doorbell.ts';
import type { Json } from '#core/json.ts';
import type { Rule } from '#core/rule.ts';
import type { Tx } from './connection.ts';
import { laneOf } from './events.ts';
import { insertMany } from './insert-many.ts';
import { claimMarker, setMarker } from './markers.ts';
import { addNote } from './notes.ts';
import { events } from './schema/events.ts';

/** What is known of the rule whose alert it is. */
export type Emitter = Pick<Rule, 'id' | 'name' | 'emit' | 'to' | 'shadow'>;

/** From a sender's event on, so many may follow from one another: rules that feed each other come to an end. */
export const mostHops = 5;
/** How often somebody is told that a rule's events go no further. */
const tellEveryMs = 86_400_000;
const origin = 'tocsin';

const statuses: Partial<Record<Change, 'firing' | 'resolved' | null>> = {
  fired: 'firing',
  worse: 'firing',
  resolved: 'resolved',
  withdrawn: 'resolved',
  told: null,
};

interface Emission {
  step: Step;
  rule?: Emitter | undefined;
}

/** Whether the step would be passed on, were the chain not too long already. */
export function stopsEmission({ step, rule }: Emission): boolean {
  return rule?.emit !== undefined && step.transition.change in statuses && (step.alert.hops ?? 0) >= mostHops;
}

/** Writes the events of these steps; returns the doorbells of their lanes. */
export async function emitEvents(tx: Tx, changes: Emission[], now: number): Promise<Doorbell[]> {
  // A rule on trial must not make others tell.
  const emitting = changes.filter(
    ({ step, rule }) => rule?.emit && !rule.shadow && step.transition.change in statuses,
  );
  const rows = emitting
    .filter((change) => !stopsEmission(change))
    .map(({ step, rule }) => rowOf(step, rule!));
  if (rows.length > 0) await tx.execute(insertMany(events, rows));
  const bells: Doorbell[] = [...new Set(rows.map(({ lane }) => lane))].map((lane) => ({
    job: 'evaluate',
    id: String(lane),
  }));
  const stopped = new Map(emitting.filter(stopsEmission).map(({ rule }) => [rule!.id, rule!]));
  for (const rule of [...stopped.values()].sort((a, b) => (a.id < b.id ? -1 : 1)))
    bells.push(...(await tellStop(tx, rule, now)));
  return bells;
}

function rowOf({ alert, transition }: Step, rule: Emitter): typeof events.$inferInsert {
  const { reading } = alert;
  const data: Record<string, Json> = {
    rule: rule.name,
    alert: alert.id,
    change: transition.change,
    ...(reading.value === undefined ? {} : { value: reading.value }),
    ...(reading.limit === undefined ? {} : { limit: reading.limit }),
    text: reading.text,
    count: alert.count,
    severity: alert.severity,
  };
  return {
    sourceId: origin,
    eventId: `${alert.id}/${transition.rev}`,
    bodyHash: '',
    lane: laneOf(alert.id),
    fingerprint: alert.id,
    source: `tocsin:rule/${rule.id}`,
    type: rule.emit!,
    subject: alert.subject,
    time: null,
    severity: alert.severity,
    status: statuses[transition.change] ?? null,
    body: JSON.stringify({ data, labels: alert.labels }),
    raw: null,
    // As it happened, not as it was worked off: rules are stepped by this clock.
    receivedAt: transition.at,
    hops: (alert.hops ?? 0) + 1,
  };
}

async function tellStop(tx: Tx, rule: Emitter, now: number): Promise<Doorbell[]> {
  const name = `emit-stopped:${rule.id}`;
  const last = await claimMarker(tx, name, { value: -1, detail: null });
  if (last.value >= 0 && now - last.value < tellEveryMs) return [];
  await setMarker(tx, name, now);
  const text = `“${rule.name}” fired because of events that rules made of events of rules, ${mostHops} in a row. That looks like a circle, so it made no further event of “${rule.emit}”.`;
  const bells: Doorbell[] = [];
  for (const id of rule.to) bells.push(...(await addNote(tx, id, text, 'info', now)));
  return bells;
}
