// Guards of what comes in: the ledger before the answer, once by its name, only from whoever may, only what is signed.
import type { Mutation } from './mutation.ts';

export const taking: readonly Mutation[] = [
  {
    guard: '202 only after the commit',
    short: true,
    file: 'src/ingest/accept.ts',
    patch: [
      [
        '  try {\n    const taken = await takeEvents(',
        `  for (const { rows, answer } of requests)
    answer({ is: 'taken', events: rows.map((_, i) => ({ seq: i + 1, duplicate: false })) });
  try {
    const taken = await takeEvents(`,
      ],
    ],
    test: {
      file: 'tests/ingest/accept.test.ts',
      name: 'means 503 for everybody, and 202 again when it is back',
    },
  },
  {
    guard: 'an event is one event by its source and id',
    short: true,
    file: 'src/store/event-text.ts',
    patch: [['+ fieldSign + eventId +', '+ fieldSign + eventId + Math.random() +']],
    test: { file: 'tests/ingest/push.test.ts', name: 'sent again is a duplicate with its number' },
  },
  {
    guard: 'an id that names another event is refused',
    file: 'src/store/take-events.ts',
    patch: [['known.get(name)?.bodyHash !== row.bodyHash', 'known.get(name) === undefined']],
    test: { file: 'tests/ingest/push.test.ts', name: 'with a known id and other content is refused by name' },
  },
  {
    guard: 'poison is refused alone',
    file: 'src/ingest/accept.ts',
    patch: [['  if (requests.length > 1) {', '  if (requests.length > 1e6) {']],
    test: {
      file: 'tests/ingest/accept.test.ts',
      name: 'gets 422 alone; the requests that shared its statement go through',
    },
  },
  {
    guard: 'the order of one situation while others wait',
    file: 'src/ingest/accept.ts',
    patch: [['if (underWay || queue.length === 0) return;', 'if (queue.length === 0) return;']],
    test: {
      file: 'tests/ingest/accept.test.ts',
      name: 'keeps the order of one fingerprint, also across requests of several',
    },
  },
  {
    guard: 'a revoked key is none',
    file: 'src/ingest/key-book.ts',
    patch: [['if (!row || row.key.revokedAt !== null) return undefined;', 'if (!row) return undefined;']],
    test: {
      file: 'tests/ingest/keys.test.ts',
      name: 'is refused in the same words, whatever is wrong with it',
    },
  },
  {
    guard: 'a key pushes only under its topics',
    short: true,
    file: 'src/ingest/admit-body.ts',
    patch: [['  if (places.length === 0) return undefined;', '  if (places.length < 1e6) return undefined;']],
    test: { file: 'tests/ingest/keys.test.ts', name: 'pushes and reads only under its topics' },
  },
  {
    guard: 'the signature of a webhook',
    short: true,
    file: 'src/ingest/admit.ts',
    patch: [['if (!signed.ok) return problems.unsigned(signed.why);', 'if (!signed.ok) return undefined;']],
    test: {
      file: 'tests/ingest/signatures.test.ts',
      name: 'are refused when a byte of the body, the id or the time is another',
    },
  },
  {
    guard: 'the time of a signature',
    file: 'src/ingest/signature.ts',
    patch: [['const windowMs = 5 * 60_000;', 'const windowMs = Infinity;']],
    test: {
      file: 'tests/ingest/signatures.test.ts',
      name: 'are refused outside five minutes, before and after',
    },
  },
];
