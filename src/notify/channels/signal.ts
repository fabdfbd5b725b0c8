// Channel: Signal, through a signal-cli-rest-api of the operator's.
import { z } from 'zod';
import type { Outbound } from '#outbound/fetch.ts';
import { bridge, hiddenNumber, json, jsonOf, plain } from '../bridge.ts';
import { type Channel, placed } from '../channel.ts';

const params = z.strictObject({
  number: z
    .string()
    .transform((text) => text.replace(/[\s()/-]/g, ''))
    .pipe(z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number with its country, such as +49 170 1234567'))
    .meta({
      label: 'Phone number',
      hint: 'The number that you use in Signal: +49 170 1234567',
      input: 'phone',
    }),
});

/** `signal`: `http://%2B4930123456@127.0.0.1:8080`, the sender's number before the @. */
export function signalChannel({
  outbound,
  signal,
}: {
  outbound: Outbound;
  signal?: URL | undefined;
}): Channel {
  return {
    name: 'signal',
    title: 'Signal',
    address: placed,
    example: 'v_0signal',
    pace: () => ({ everyMs: 2_000, burst: 3 }),
    whole: { everyMs: 500, burst: 5 },
    edits: false,
    missing: signal ? null : 'SIGNAL_URL is not set',
    contact: {
      params,
      example: { number: '+491701234567' },
      confirms: true,
      label: ({ number }) => `Signal ${hiddenNumber(String(number))}`,
    },
    async deliver(message, _address, how) {
      if (!signal) return { is: 'refused', why: 'SIGNAL_URL is not set', disables: false };
      const { number } = params.parse(how.contact);
      const sender = decodeURIComponent(signal.username);
      return bridge(
        outbound,
        `${signal.origin}${signal.pathname.replace(/\/*$/, '/')}v2/send`,
        json({ message: plain(message, how), number: sender, recipients: [number] }),
        [number, sender],
        (answer) => {
          if (answer.status === 201) return { is: 'sent', messageId: null };
          const said = String(jsonOf(answer)?.error ?? '');
          if (/unregistered/i.test(said))
            return { is: 'refused', why: 'nobody uses Signal with this number', disables: true };
          if (answer.status === 429 || /rate ?limit/i.test(said))
            return { is: 'retry', afterMs: 300_000, why: 'Signal asks us to be slower', pauses: 'channel' };
          return undefined;
        },
        how.now,
      );
    },
  };
}
