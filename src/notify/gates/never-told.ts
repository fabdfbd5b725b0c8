// Gate: “over” is for those who heard that it began.
import { breaks, type Gate, send } from '../gate.ts';

export const neverTold: Gate = {
  name: 'never-told',
  title: 'Over, but never heard of',
  judge(notification, facts) {
    if (notification.kind !== 'over' || facts.heard) return send;
    // In the very moment of being sent: it counts as heard until the outcome is known.
    if (facts.told.some((telling) => breaks(telling.kind))) return send;
    return { is: 'drop', reason: 'never-told', text: 'It is over, and nothing had been told here.' };
  },
};
