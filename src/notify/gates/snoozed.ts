// Gate: an alert that somebody put off is not told before the snooze ends.
import { recheckMs } from '#core/notification.ts';
import { untilItChanges } from '#core/snooze-end.ts';
import { breaks, type Gate, send } from '../gate.ts';

export const snoozed: Gate = {
  name: 'snoozed',
  title: 'Put off',
  judge(notification, facts, now) {
    const until = facts.alert?.snoozedUntil ?? null;
    if (!breaks(notification.kind) || until === null || until <= now) return send;
    // Whatever ends one without a time is seen by looking again.
    return until === untilItChanges
      ? {
          is: 'hold',
          until: now + recheckMs,
          reason: 'snoozed',
          text: 'This alert is snoozed until it changes.',
        }
      : { is: 'hold', until, reason: 'snoozed', text: 'This alert is snoozed.' };
  },
};
