// Gate: no more messages than this receiver wants; what is over that comes in one message when there is room again.
import { cappedUntil, isUrgent, sayCaps } from '#core/style.ts';
import { type Gate, send, speaksOfMany } from '../gate.ts';

export const cap: Gate = {
  name: 'cap',
  title: 'Enough for now',
  judge({ kind, severity }, { style, sent }, now) {
    if (speaksOfMany(kind) || isUrgent(style, severity)) return send;
    const until = cappedUntil(style, sent, now);
    return until === undefined
      ? send
      : { is: 'hold', until, reason: 'cap', text: `At most ${sayCaps(style.caps!)} here.` };
  },
};
