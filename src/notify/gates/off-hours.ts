// Gate: a receiver that is only for some hours is told nothing new outside them; what still burns then, when they begin.
import { closedUntil } from '#core/style.ts';
import { breaks, type Gate, send } from '../gate.ts';

export const offHours: Gate = {
  name: 'off-hours',
  title: 'Outside its hours',
  judge({ kind, reason }, { style, settings, alert }, now) {
    if (!breaks(kind) && kind !== 'notice' && kind !== 'broadcast') return send;
    const until = closedUntil(style, settings.zone, now);
    if (until !== undefined)
      return { is: 'hold', until, reason: 'off-hours', text: 'This receiver is not for these hours.' };
    // Told elsewhere meanwhile, and somebody has it.
    return reason === 'off-hours' && alert?.status === 'acknowledged'
      ? { is: 'drop', reason: 'superseded', text: 'Somebody had it before the hours of this receiver began.' }
      : send;
  },
};
