// Channel: a Matrix room, told by one account of the operator's.
import { z } from 'zod';
import type { Outbound } from '#outbound/fetch.ts';
import { bridge, json, jsonOf, plain } from '../bridge.ts';
import { type Channel, placed } from '../channel.ts';

const params = z.strictObject({
  room: z
    .string()
    .regex(/^![^\s:]{1,200}(:[^\s]{1,200})?$/, 'must be a room’s internal id, such as !abc123:example.org')
    .meta({
      label: 'Room',
      hint: 'The internal id from the room’s advanced settings: !abc123:example.org; invite the bot first',
      input: 'text',
    }),
});

/** `account`: `https://:TOKEN@matrix.example.org`. */
export function matrixChannel({
  outbound,
  matrix,
}: {
  outbound: Outbound;
  matrix?: URL | undefined;
}): Channel {
  return {
    name: 'matrix',
    title: 'Matrix',
    address: placed,
    example: 'v_0matrix',
    pace: () => ({ everyMs: 1_000, burst: 5 }),
    whole: { everyMs: 200, burst: 10 },
    edits: false,
    missing: matrix ? null : 'MATRIX_URL is not set',
    contact: {
      params,
      example: { room: '!abc123:example.org' },
      confirms: true,
      label: () => 'Matrix room',
    },
    async deliver(message, _address, how) {
      if (!matrix) return { is: 'refused', why: 'MATRIX_URL is not set', disables: false };
      const { room } = params.parse(how.contact);
      const token = decodeURIComponent(matrix.password);
      // The same for every attempt: the server knows a repeat by it and tells it once.
      const transaction = `tocsin-${how.about?.id}`;
      const path = `_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${transaction}`;
      const asking = json({ msgtype: message.silent ? 'm.notice' : 'm.text', body: plain(message, how) });
      const headers = { ...asking.headers, authorization: `Bearer ${token}` };
      return bridge(
        outbound,
        `${matrix.origin}${matrix.pathname.replace(/\/*$/, '/')}${path}`,
        { ...asking, method: 'PUT', headers },
        [room, token],
        (answer) => {
          const { errcode, retry_after_ms: after, event_id: id } = jsonOf(answer) ?? {};
          if (answer.status === 200 && typeof id === 'string') return { is: 'sent', messageId: null };
          if (errcode === 'M_LIMIT_EXCEEDED') {
            const afterMs = Math.max(1_000, typeof after === 'number' ? after : 0);
            return { is: 'retry', afterMs, why: 'Matrix asks us to be slower', pauses: 'channel' };
          }
          if (errcode === 'M_UNKNOWN_TOKEN' || errcode === 'M_MISSING_TOKEN')
            return {
              is: 'retry',
              afterMs: 60_000,
              why: 'the token of MATRIX_URL is not valid',
              pauses: 'channel',
            };
          if (errcode === 'M_FORBIDDEN' || errcode === 'M_NOT_FOUND')
            return { is: 'refused', why: 'the bot is not in this room', disables: true };
          return undefined;
        },
        how.now,
      );
    },
  };
}
