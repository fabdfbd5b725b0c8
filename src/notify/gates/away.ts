// Gate: somebody who is away is told when they are back, or another person is told instead.
import { isAway } from '#core/away.ts';
import { breaks, type Gate, send } from '../gate.ts';

export const away: Gate = {
  name: 'away',
  title: 'Away',
  judge({ kind, severity }, { settings }, now) {
    const isNotice = kind === 'notice' || kind === 'broadcast';
    if (!isAway(settings.away, now) || !(breaks(kind) || isNotice)) return send;
    const { delegate, until } = settings.away;
    // What somebody says to them is for nobody else.
    if (delegate !== null && kind !== 'broadcast')
      return { is: 'drop', reason: 'away', text: 'Somebody else is told meanwhile.' };
    // Nobody stands in: what is critical must not wait for days.
    if (severity === 'critical') return send;
    return { is: 'hold', until, reason: 'away', text: 'It came while they were away.' };
  },
};
