// What an SMTP server's answer means for telling: one table, row by row.
import type { DeliveryOutcome } from '#core/notification.ts';
import type { SmtpResult } from './smtp.ts';

/** Enhanced codes that say that nobody is there or ever will be; anything else ends one mail only. */
const nobody = /\b5\.(1\.(1|2|3|6|10)|2\.1)\b/;

/** The outcome of one attempt. */
export function mailOutcome(result: SmtpResult): DeliveryOutcome {
  switch (result.is) {
    case 'taken':
      return { is: 'sent', messageId: null };
    case 'broke':
      // After the server had asked for the mail it may have taken it without our hearing so.
      return result.wrote
        ? { is: 'unknown', why: `${result.why} after the mail had been begun` }
        : { is: 'retry', afterMs: 0, why: result.why };
    case 'answered': {
      const { code, text, step } = result;
      const why = `the mail server says ${code} to ${step || 'us'}`;
      if (/^AUTH/i.test(step) || code === 530 || code === 535)
        return { is: 'retry', afterMs: 300_000, why: `${why}: it does not let us in`, pauses: 'channel' };
      // Before any mail was named it cannot be about this one.
      if (!/^(MAIL|RCPT|DATA)/i.test(step)) return { is: 'retry', afterMs: 300_000, why, pauses: 'channel' };
      if (code === 421) return { is: 'retry', afterMs: 60_000, why, pauses: 'channel' };
      if (code < 500) return { is: 'retry', afterMs: 0, why };
      return { is: 'refused', why, disables: /^RCPT/i.test(step) && nobody.test(text) };
    }
  }
}
