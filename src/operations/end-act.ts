// What came of an act: written to the ledger, to the trail, and on the alert, together.
import { type ActAnswer, type ActOutcome, afterAttempt } from '#core/act.ts';
import { stepAlert } from '#core/alert-life.ts';
import type { Doorbell } from '#core/doorbell.ts';
import type { Severity } from '#core/severity.ts';
import { type Act, endCall } from '#store/acts.ts';
import { commit } from '#store/alerts.ts';
import { note } from '#store/audit.ts';
import type { Tx } from '#store/connection.ts';
import { findAlert } from '#store/find-alerts.ts';
import { findGroupByChat } from '#store/groups.ts';
import { addNote } from '#store/notes.ts';
import { receiversOf } from '#store/receivers.ts';
import { findRule } from '#store/rules.ts';

const clock = { is: 'clock' } as const;

/** Nothing when another attempt is the one that counts. */
export async function endAct(
  tx: Tx,
  act: Act,
  outcome: ActOutcome,
  idempotent: boolean,
  now: number,
): Promise<Doorbell[]> {
  const next = afterAttempt(outcome, { idempotent, attempts: act.attempts });
  const answer: ActAnswer | null = outcome.answer ?? null;
  const dueAt = 'afterMs' in next ? { dueAt: now + next.afterMs } : {};
  const end = { status: next.status, detail: outcome.text, answer, ...dueAt };
  if (!(await endCall(tx, act, end, now))) return [];
  if (next.status === 'confirmed') return [];
  const detail = { act: act.id, alert: act.alertId, outcome: next.status, text: outcome.text };
  await note(tx, clock, 'end-act', act.actionId, { ...detail, attempts: act.attempts, by: act.by }, now);
  const said = sayAct(act.title, next.status, outcome.text);
  const alert = await findAlert(tx, act.alertId, true);
  const by = { is: 'person', personId: act.byId, name: act.by, role: 'member' } as const;
  const step = alert && stepAlert(alert, { is: 'act', by, text: said }, now);
  const rule = alert && (await findRule(tx, alert.ruleId));
  const bells = step ? await commit(tx, [{ step, receivers: rule?.to ?? [], rule }], now) : [];
  // Where the alert's own message cannot say it, or where somebody has to decide.
  if (step && next.status === 'done') return bells;
  const severity = next.status === 'done' ? 'info' : 'warning';
  return [
    ...bells,
    ...(await tell(tx, act, `${said} (${alert?.subject ?? 'the alert is forgotten'})`, severity, now)),
  ];
}

/** A sentence's beginning: what was done and what came of it. */
function sayAct(title: string, status: 'done' | 'failed' | 'unknown', text: string): string {
  if (status === 'done') return `${title}: done, ${text}`;
  if (status === 'failed') return `${title}: not done, ${text}`;
  return `${title}: nobody knows whether it was done, ${text}`;
}

async function tell(tx: Tx, act: Act, text: string, severity: Severity, now: number): Promise<Doorbell[]> {
  const group = await findGroupByChat(tx, act.chatId);
  const here = await receiversOf(tx, [group?.id ?? act.byId]);
  const place = here.find(({ channel, disabled }) => channel === 'telegram' && disabled === null);
  return place ? addNote(tx, place.id, `${text}.`, severity, now) : [];
}
