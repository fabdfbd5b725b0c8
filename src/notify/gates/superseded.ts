// Gate: what is no longer true is not told, nor what another message on its way will say.
import type { Reason } from '#core/notification.ts';
import { breaks, type Gate, send, waitsToBeWritten } from '../gate.ts';

const passing: Reason[] = ['silenced', 'snoozed', 'off-hours'];

export const superseded: Gate = {
  name: 'superseded',
  title: 'Overtaken by events',
  judge(notification, facts) {
    const { kind } = notification;
    const coming = facts.told.find((telling) => breaks(telling.kind) && waitsToBeWritten(telling));
    if (kind === 'over' && facts.toldOver) return drop('The message before already said that it is over.');
    if (kind === 'over' && coming && !facts.heard)
      return drop('The first message, still on its way, says that it is over.');
    if ((kind === 'worse' || kind === 'reminder') && coming)
      return drop('The message before, still on its way, says how it stands.');
    if (!breaks(kind) || facts.alert?.status !== 'resolved') return send;
    if (kind !== 'firing') return drop('It was over before this could be told.');
    if (notification.reason === 'inhibited')
      return {
        is: 'drop',
        reason: 'inhibited',
        text: 'It was over before the alert was that explained it.',
      };
    // Put off, muted or not for these hours, and then it ended: there is nothing left that they wanted to know.
    return notification.reason !== null && passing.includes(notification.reason)
      ? drop('It was over when the time to tell it came.')
      : send;
  },
};

function drop(text: string) {
  return { is: 'drop', reason: 'superseded', text } as const;
}
