// Channel: text messages, through whatever HTTP gateway the operator has.
import { z } from 'zod';
import type { Outbound } from '#outbound/fetch.ts';
import { bridge, brief, hiddenNumber } from '../bridge.ts';
import { type Channel, placed } from '../channel.ts';
import type { SmsGateway } from '../sms-gateway.ts';

const params = z.strictObject({
  number: z
    .string()
    .transform((text) => text.replace(/[\s()/-]/g, ''))
    .pipe(z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number with its country, such as +49 170 1234567'))
    .meta({ label: 'Phone number', hint: 'With its country: +49 170 1234567', input: 'phone' }),
});

/** Two parts at most: every part is paid for. */
const mostLetters = 300;

export function smsChannel({ outbound, sms }: { outbound: Outbound; sms?: SmsGateway | undefined }): Channel {
  return {
    name: 'sms',
    title: 'Text message',
    address: placed,
    example: 'v_0sms',
    pace: () => ({ everyMs: 10_000, burst: 3 }),
    whole: { everyMs: 500, burst: 10 },
    edits: false,
    missing: sms ? null : 'SMS_GATEWAY is not set',
    contact: {
      params,
      example: { number: '+491701234567' },
      confirms: true,
      label: ({ number }) => `Text ${hiddenNumber(String(number))}`,
    },
    async deliver(message, _address, how) {
      if (!sms) return { is: 'refused', why: 'SMS_GATEWAY is not set', disables: false };
      const { number } = params.parse(how.contact);
      const filled = sms.fill({
        to: number,
        text: brief(message, how, mostLetters),
        id: `msg_${how.about?.id}`,
      });
      return bridge(
        outbound,
        filled.url,
        filled.asking,
        [number, ...sms.secrets],
        (answer) => {
          const text = answer.body.toString('utf8').slice(0, 2_000);
          if (sms.success && answer.status < 300 && !text.includes(sms.success))
            return { is: 'refused', why: 'the gateway did not take it', disables: false };
          if (answer.status === 401 || answer.status === 403)
            return { is: 'retry', afterMs: 60_000, why: 'the gateway does not let us in', pauses: 'channel' };
          return undefined;
        },
        how.now,
      );
    },
  };
}
