// THE ORDER of the gates, read from top to bottom: the first that objects decides.
import type { Notification, Verdict } from '#core/notification.ts';
import { type Facts, type Gate, send } from '../gate.ts';
import { away } from './away.ts';
import { cap } from './cap.ts';
import { digest } from './digest.ts';
import { grouped } from './grouped.ts';
import { inhibited } from './inhibited.ts';
import { neverTold } from './never-told.ts';
import { notAtHome } from './not-at-home.ts';
import { offHours } from './off-hours.ts';
import { onTrial } from './on-trial.ts';
import { optedOut } from './opted-out.ts';
import { quietHours } from './quiet-hours.ts';
import { repeat } from './repeat.ts';
import { silenced } from './silenced.ts';
import { snoozed } from './snoozed.ts';
import { superseded } from './superseded.ts';
import { tooMild } from './too-mild.ts';

export const gates: readonly Gate[] = [
  notAtHome,
  optedOut,
  onTrial,
  superseded,
  neverTold,
  repeat,
  inhibited,
  snoozed,
  silenced,
  away,
  tooMild,
  offHours,
  quietHours,
  digest,
  grouped,
  cap,
];

/** Those that hold for machines: they have no attention to protect. */
const forMachines: readonly Gate[] = [notAtHome, optedOut, onTrial];

/** The verdict of the first gate that objects, or `send`. */
export function judge(notification: Notification, facts: Facts, now: number): Verdict {
  // About the receiver itself: it may be switched off for want of exactly this.
  if (notification.kind === 'code' || notification.kind === 'test')
    return notAtHome.judge(notification, { ...facts, disabled: null }, now);
  for (const gate of facts.everyChange ? forMachines : gates) {
    const verdict = gate.judge(notification, facts, now);
    if (verdict.is !== 'send') return verdict;
  }
  return send;
}
