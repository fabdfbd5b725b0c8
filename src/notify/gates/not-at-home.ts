// Gate: nobody is told at an address that is switched off, or after they left.
import { type Gate, send } from '../gate.ts';

export const notAtHome: Gate = {
  name: 'not-at-home',
  title: 'Nobody there',
  judge(_notification, facts) {
    if (facts.ownerLeft)
      return { is: 'drop', reason: 'not-at-home', text: 'The one to be told is no longer here.' };
    if (facts.disabled !== null)
      return {
        is: 'drop',
        reason: 'not-at-home',
        text: `This receiver is switched off: ${facts.disabled}.`,
      };
    return send;
  },
};
