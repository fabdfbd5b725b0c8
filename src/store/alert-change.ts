// A change of an alert with those whom its rule tells, and what it means to them.
import type { Change, Step } from '#core/alert.ts';
import type { NotificationKind } from '#core/notification.ts';
import type { Emitter } from './emissions.ts';

/** A step of `core/alert-life.ts` and whom its rule tells. */
export interface AlertChange {
  step: Step;
  receivers: string[];
  /** A reminder, too, goes to whoever heard of it. */
  toHeard?: boolean;
  /** Whose alert it is: without it nothing is passed on (`emit`). */
  rule?: Emitter | undefined;
}

/** What a change means to those who are told; absent: only their messages are edited. */
const tells: Partial<Record<Change, NotificationKind>> = {
  fired: 'firing',
  told: 'notice',
  worse: 'worse',
  reached: 'firing',
  woke: 'reminder',
  reminded: 'reminder',
  expired: 'reminder',
  escalated: 'firing',
  resolved: 'over',
  withdrawn: 'over',
};

/** What people see by an edit, and machines are told. */
const forMachines: ReadonlySet<Change> = new Set(['acknowledged', 'released', 'snoozed', 'acted', 'noted']);

/** What is told because of it; undefined: nothing. */
export const kindOf = ({ step }: AlertChange): NotificationKind | undefined =>
  tells[step.transition.change] ?? (forMachines.has(step.transition.change) ? 'changed' : undefined);

/** It goes to whoever has heard of the alert, besides those whom its rule names. */
export const toHeard = (change: AlertChange) =>
  change.toHeard === true || ['over', 'changed'].includes(kindOf(change) ?? '');

/** Whom it is told to is known only with those who have heard. */
export const hearsOfHearers = (change: AlertChange) => toHeard(change) || kindOf(change) === 'changed';

/** Somebody did something, of which people see an edit and only machines are told; nothing else follows from it. */
export function isPlain({ step: { alert, transition }, toHeard, rule }: AlertChange): boolean {
  return forMachines.has(transition.change) && alert.status !== 'resolved' && toHeard !== true && !rule?.emit;
}

/** Nobody has a message about it, nobody did it, and nothing else follows from it. */
export function beginsQuietly({ step, rule }: AlertChange): boolean {
  const { alert, transition } = step;
  const isNew = alert.rev === 1 && alert.status !== 'resolved';
  return isNew && transition.by === null && rule?.emit === undefined && transition.change !== 'asked';
}
