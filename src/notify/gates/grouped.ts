// Gate: who wants things gathered gets one message for what came within the wait.
import { gatheredUntil, isUrgent } from '#core/style.ts';
import { type Gate, send, speaksOfMany } from '../gate.ts';

export const grouped: Gate = {
  name: 'grouped',
  title: 'Gathered',
  judge({ kind, severity, status, createdAt }, { style, settings, gatheringSince }, now) {
    // Asked once more before it is sent: it has waited its time.
    if (status !== 'pending' && status !== 'held') return send;
    if (speaksOfMany(kind) || isUrgent(style, severity)) return send;
    // What waited for another reason has waited for this one, too.
    const since = Math.min(gatheringSince ?? now, createdAt);
    const until = gatheredUntil(style, settings.zone, since, now);
    return until === undefined || until <= now
      ? send
      : { is: 'hold', until, reason: 'grouped', text: 'It is told together with what else comes.' };
  },
};
