// Gate: what a silence covers is not told; if it still burns when the silence ends, it is told then.
import { cut } from '#core/cut.ts';
import { silenceCovers } from '#core/silence.ts';
import { breaks, type Gate, send } from '../gate.ts';

export const silenced: Gate = {
  name: 'silenced',
  title: 'Muted',
  judge(notification, { alert, silences }, now) {
    if (!alert || !(breaks(notification.kind) || notification.kind === 'notice')) return send;
    const covering = silences.filter((silence) => silenceCovers(silence, alert, now));
    const last = covering.sort((a, b) => b.endsAt - a.endsAt)[0];
    if (!last) return send;
    const text = cut(`Muted by ${last.by}${last.comment === '' ? '' : `: ${last.comment}`}.`, 500);
    return alert.status === 'resolved'
      ? { is: 'drop', reason: 'silenced', text }
      : { is: 'hold', until: last.endsAt, reason: 'silenced', text };
  },
};
