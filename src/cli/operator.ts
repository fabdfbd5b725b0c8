// Who acts when a command is given on the machine itself.
import type { Actor } from '#core/actor.ts';

export const operator: Actor = { is: 'operator', name: 'the operator' };
