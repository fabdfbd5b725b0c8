// Channel: an incoming webhook of Mattermost, Slack, or whatever takes the same form.
import { z } from 'zod';
import type { Outbound } from '#outbound/fetch.ts';
import { bridge, json, plain } from '../bridge.ts';
import { type Channel, placed } from '../channel.ts';

const params = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'must be the address of an incoming webhook' })
    .max(2_000, 'must have at most 2,000 characters')
    .meta({
      label: 'Incoming webhook',
      hint: 'Its address, from Integrations in Mattermost or from an app in Slack',
      input: 'url',
    }),
});

/** What they say when the webhook or its place is gone, in these words. */
const gone =
  /no_service|channel_is_archived|channel_not_found|no_active_hooks|invalid_token|web_hook.*(not_found|missing)/;

/** In both, these three signs begin links and mentions. */
const harmless = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

export function mattermostChannel({ outbound }: { outbound: Outbound }): Channel {
  return {
    name: 'mattermost',
    title: 'Mattermost or Slack',
    address: placed,
    example: 'v_0mattermost',
    pace: () => ({ everyMs: 1_000, burst: 3 }),
    whole: null,
    edits: false,
    contact: {
      params,
      example: { url: 'https://chat.example.org/hooks/abc123' },
      confirms: false,
      label: ({ url }) => new URL(String(url)).hostname,
    },
    async deliver(message, _address, how) {
      const { url } = params.parse(how.contact);
      return bridge(
        outbound,
        url,
        json({ text: harmless(plain(message, how)) }),
        [url],
        (answer) => {
          const said = answer.body.toString('utf8').slice(0, 500);
          const isGone =
            answer.status === 410 || (answer.status >= 400 && answer.status < 500 && gone.test(said));
          return isGone
            ? { is: 'refused', why: 'this webhook no longer exists there', disables: true }
            : undefined;
        },
        how.now,
      );
    },
  };
}
