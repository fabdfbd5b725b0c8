// The outcome table, row by row.
import { describe, expect, it } from 'vitest';
import type { CallFailure } from '../../src/telegram/client.ts';
import { outcomeOf } from '../../src/telegram/outcome.ts';

const refused = (code: number, description: string, more: object = {}): CallFailure => ({
  ok: false,
  is: 'refused',
  code,
  description,
  ...more,
});

const disables = [
  [403, 'Forbidden: bot was blocked by the user'],
  [403, 'Forbidden: user is deactivated'],
  [403, 'Forbidden: bot was kicked from the group chat'],
  [403, 'Forbidden: bot was kicked from the supergroup chat'],
  [403, 'Forbidden: the group chat was deleted'],
  [403, 'Forbidden: bot is not a member of the supergroup chat'],
  [403, "Forbidden: bot can't initiate conversation with a user"],
  [400, 'Bad Request: chat not found'],
  [400, 'Bad Request: CHAT_WRITE_FORBIDDEN'],
] as const;

const rows: [string, CallFailure, object][] = [
  ['no connection', { ok: false, is: 'unsent', why: 'ECONNREFUSED' }, { is: 'retry', afterMs: 0 }],
  ['broke after bytes', { ok: false, is: 'unknown', why: 'ECONNRESET' }, { is: 'unknown' }],
  ['500', refused(500, 'Internal Server Error'), { is: 'unknown' }],
  ['502', refused(502, 'Bad Gateway'), { is: 'unknown' }],
  [
    '429',
    refused(429, 'Too Many Requests: retry after 17', { retryAfter: 17 }),
    { is: 'retry', afterMs: 17_000, pauses: 'address' },
  ],
  ['429 bare', refused(429, 'Too Many Requests'), { is: 'retry', afterMs: 1000, pauses: 'address' }],
  [
    'migrated',
    refused(400, 'Bad Request: group chat was upgraded to a supergroup chat', { movedTo: '-100123' }),
    { is: 'moved', address: '-100123' },
  ],
  ...disables.map(([code, text]): [string, CallFailure, object] => [
    text,
    refused(code, text),
    { is: 'refused', disables: true },
  ]),
  ['unknown 403', refused(403, 'Forbidden: something new'), { is: 'refused', disables: false }],
  ['unknown 400', refused(400, 'Bad Request: something new'), { is: 'refused', disables: false }],
  [
    'a sentence that only contains a known one',
    refused(400, 'Bad Request: reply chat not found here'),
    { is: 'refused', disables: false },
  ],
  [
    'entities',
    refused(400, "Bad Request: can't parse entities: Unsupported start tag"),
    { is: 'unparsable' },
  ],
  ['too long', refused(400, 'Bad Request: message is too long'), { is: 'unparsable' }],
  ['button', refused(400, 'Bad Request: BUTTON_DATA_INVALID'), { is: 'unparsable' }],
  ['not modified', refused(400, 'Bad Request: message is not modified: specified new …'), { is: 'sent' }],
  ['edit not found', refused(400, 'Bad Request: message to edit not found'), { is: 'gone' }],
  ["can't be edited", refused(400, "Bad Request: message can't be edited"), { is: 'gone' }],
  ['old query', refused(400, 'Bad Request: query is too old and response timeout expired'), { is: 'sent' }],
  ['401', refused(401, 'Unauthorized'), { is: 'retry', pauses: 'channel', afterMs: 60_000 }],
  ['404', refused(404, 'Not Found'), { is: 'retry', pauses: 'channel', afterMs: 60_000 }],
  ['409', refused(409, 'Conflict: terminated by other getUpdates request'), { is: 'retry', afterMs: 10_000 }],
];

describe('the outcome table', () => {
  it.each(rows)('%s', (_name, failure, expected) => {
    expect(outcomeOf(failure)).toMatchObject(expected);
  });
});
