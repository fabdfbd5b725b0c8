// Gate: nobody is told the same, or less, a second time.
import { compareSeverity } from '#core/severity.ts';
import { breaks, type Gate, send } from '../gate.ts';

export const repeat: Gate = {
  name: 'repeat',
  title: 'Told already',
  judge(notification, facts) {
    const { kind, severity } = notification;
    const text = 'This was told here already.';
    if (kind === 'firing' && (facts.heard || facts.told.some((telling) => breaks(telling.kind))))
      return { is: 'drop', reason: 'repeat', text };
    if (
      kind === 'worse' &&
      facts.told.some((telling) => breaks(telling.kind) && compareSeverity(telling.severity, severity) >= 0)
    )
      return { is: 'drop', reason: 'repeat', text };
    if ((kind === 'over' || kind === 'notice') && facts.told.some((telling) => telling.kind === kind))
      return { is: 'drop', reason: 'repeat', text };
    return send;
  },
};
