// Gate: in quiet hours nothing sounds but what may break through; the rest is told when they end.
import { quietUntil } from '#core/quiet.ts';
import { type Gate, send, speaksOfMany } from '../gate.ts';

export const quietHours: Gate = {
  name: 'quiet-hours',
  title: 'Quiet hours',
  judge(notification, { settings }, now) {
    // A note answers somebody or concerns the bot itself: it comes at once, without a sound.
    if (speaksOfMany(notification.kind)) return send;
    const until = quietUntil(settings.quiet, settings.zone, notification.severity, now);
    return until === undefined
      ? send
      : { is: 'hold', until, reason: 'quiet-hours', text: 'It came during quiet hours.' };
  },
};
