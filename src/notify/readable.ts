// Which of somebody's receivers a sentence of ours, or what failed elsewhere, goes to.
import type { Receiver } from '#store/receivers.ts';

/** Those that work and that a person reads, chats first: there they can answer. */
export function readable<R extends Pick<Receiver, 'disabled' | 'everyChange' | 'channel'>>(
  receivers: R[],
): R[] {
  const chats = (receiver: R) => (receiver.channel === 'telegram' ? 0 : 1);
  return receivers
    .filter(({ disabled, everyChange }) => disabled === null && !everyChange)
    .sort((a, b) => chats(a) - chats(b));
}
