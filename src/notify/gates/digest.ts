// Gate: who wants only what is urgent at once hears of the rest with the digest.
import { isUrgent } from '#core/style.ts';
import { topicMatches } from '#core/topic.ts';
import { type Gate, send, speaksOfMany } from '../gate.ts';

export const digest: Gate = {
  name: 'digest',
  title: 'Kept for the digest',
  judge({ kind, severity, status, createdAt }, { style, digestAt, digestTopics = [], alert }, now) {
    const waits =
      style.digest === true ||
      (alert !== null && digestTopics.some((pattern) => topicMatches(pattern, alert.topic)));
    if (!waits || digestAt === undefined || speaksOfMany(kind)) return send;
    // It has waited for one digest; asked once more before it is sent, it is not put off to the next.
    if (isUrgent(style, severity) || (status !== 'pending' && status !== 'held')) return send;
    if (status === 'held' && createdAt < (digestAt.last ?? 0)) return send;
    return digestAt.next <= now
      ? send
      : { is: 'hold', until: digestAt.next, reason: 'digest', text: 'It is told with the digest.' };
  },
};
