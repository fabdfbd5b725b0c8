// Gate: a receiver for grave things is not told of milder ones.
import { compareSeverity } from '#core/severity.ts';
import { breaks, type Gate, send } from '../gate.ts';

export const tooMild: Gate = {
  name: 'too-mild',
  title: 'Not grave enough for here',
  judge({ kind, severity }, { style: { least } }) {
    if (!least || !(breaks(kind) || kind === 'notice') || compareSeverity(severity, least) >= 0) return send;
    return { is: 'drop', reason: 'too-mild', text: `This receiver is for ${least} and worse.` };
  },
};
