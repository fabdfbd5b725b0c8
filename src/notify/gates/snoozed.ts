// Gate: an alert that somebody put off is not told before the snooze ends.
import { breaks, type Gate, send } from '../gate.ts';

export const snoozed: Gate = {
  name: 'snoozed',
  title: 'Put off',
  judge(notification, facts, now) {
    const until = facts.alert?.snoozedUntil ?? null;
    if (!breaks(notification.kind) || until === null || until <= now) return send;
    return { is: 'hold', until, reason: 'snoozed', text: 'This alert is snoozed.' };
  },
};
