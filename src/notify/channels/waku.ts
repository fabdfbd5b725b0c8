// Channel: a content topic of the Waku network, through the REST interface of the operator's node.
import { z } from 'zod';
import type { Outbound } from '#outbound/fetch.ts';
import { bridge, json, plain } from '../bridge.ts';
import { type Channel, placed } from '../channel.ts';

const params = z.strictObject({
  topic: z
    .string()
    .regex(
      /^(\/\d{1,3})?\/[\w.-]{1,64}\/[\w.-]{1,16}\/[\w.-]{1,64}\/[\w.-]{1,16}$/,
      'must be a content topic, such as /tocsin/1/ana-alerts-x7/json',
    )
    .meta({
      label: 'Content topic',
      hint: 'Such as /tocsin/1/ana-alerts-x7/json; whoever knows it can read along',
      input: 'text',
    }),
});

export function wakuChannel({ outbound, waku }: { outbound: Outbound; waku?: URL | undefined }): Channel {
  return {
    name: 'waku',
    title: 'Waku',
    address: placed,
    example: 'v_0waku',
    pace: () => ({ everyMs: 1_000, burst: 10 }),
    whole: { everyMs: 200, burst: 20 },
    edits: false,
    missing: waku ? null : 'WAKU_URL is not set',
    contact: {
      params,
      example: { topic: '/tocsin/1/ana-alerts-x7/json' },
      confirms: false,
      label: () => 'Waku topic',
    },
    async deliver(message, _address, how) {
      if (!waku) return { is: 'refused', why: 'WAKU_URL is not set', disables: false };
      const { topic } = params.parse(how.contact);
      const id = `msg_${how.about?.id}`;
      const said = { id, severity: message.severity, text: plain(message, how) };
      return bridge(
        outbound,
        `${waku.origin}${waku.pathname.replace(/\/*$/, '/')}relay/v1/auto/messages`,
        json({
          payload: Buffer.from(JSON.stringify(said)).toString('base64'),
          contentTopic: topic,
          version: 0,
          // Nanoseconds, beyond what a number of JSON holds exactly: the network needs them only to some seconds.
          timestamp: how.now * 1_000_000,
        }),
        [topic],
        (answer) => {
          const text = answer.body.toString('utf8').slice(0, 500);
          // Not taken: the node knows nobody to pass it on to, or cannot count it yet.
          if (/no peers|not enough peers|rate limit|RLN/i.test(text) && answer.status >= 400)
            return {
              is: 'retry',
              afterMs: 30_000,
              why: 'the Waku node cannot pass messages on now',
              pauses: 'channel',
            };
          return undefined;
        },
        how.now,
      );
    },
  };
}
