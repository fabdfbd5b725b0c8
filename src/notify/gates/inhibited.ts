// Gate: what another alert explains is not told while that one burns; if it still burns then, it is told.
import { recheckMs } from '#core/notification.ts';
import { breaks, type Gate, send } from '../gate.ts';
import { nameOf } from '../wording.ts';

export const inhibited: Gate = {
  name: 'inhibited',
  title: 'Explained by another alert',
  judge({ kind }, { alert, explainedBy }, now) {
    if (!explainedBy || !alert || !(breaks(kind) || kind === 'notice')) return send;
    const text = `Not told while “${nameOf(explainedBy)}” burns.`;
    return alert.status === 'resolved'
      ? { is: 'drop', reason: 'inhibited', text }
      : { is: 'hold', until: now + recheckMs, reason: 'inhibited', text };
  },
};
