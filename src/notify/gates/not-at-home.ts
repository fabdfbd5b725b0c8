// Gate: nobody is told at an address that is switched off, or after they left.
import { type Gate, send } from '../gate.ts';

export const notAtHome: Gate = {
  name: 'not-at-home',
  title: 'Nobody there',
  judge({ kind }, facts) {
    // That they have left is the last thing they are told.
    if (facts.ownerLeft && kind !== 'note')
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
