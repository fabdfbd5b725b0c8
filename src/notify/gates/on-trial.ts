// Gate: a rule that is only tried out tells nobody but those who try it.
import { breaks, type Gate, send } from '../gate.ts';

export const onTrial: Gate = {
  name: 'on-trial',
  title: 'Only on trial',
  judge({ kind }, { onTrial, heard }) {
    // Whoever heard of it before the trial began hears of its end.
    const tells = breaks(kind) || kind === 'notice' || kind === 'changed';
    if (onTrial !== true || !(tells || (kind === 'over' && !heard))) return send;
    return { is: 'drop', reason: 'shadow', text: 'The rule is only on trial.' };
  },
};
