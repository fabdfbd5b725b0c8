// Guards of the house: what goes out to typed addresses, what is kept sealed, what is never logged, who looks when nobody rings.
import type { Mutation } from './mutation.ts';

export const guarding: readonly Mutation[] = [
  {
    guard: 'the addresses behind a name',
    short: true,
    file: 'src/outbound/lookup.ts',
    patch: [['        if (bad !== undefined) return done(', "        if (bad === '') return done("]],
    test: { file: 'tests/outbound/fetch.test.ts', name: 'is refused' },
  },
  {
    guard: 'an address in figures',
    file: 'src/outbound/target.ts',
    patch: [['    if (fault !== undefined) return no(fault);', "    if (fault === '') return no(fault);"]],
    test: { file: 'tests/outbound/fetch.test.ts', name: 'no form of a forbidden address is connected to' },
  },
  {
    guard: 'secrets are sealed',
    short: true,
    file: 'src/store/keyring.ts',
    patch: [
      [
        `      return \`\${key.id}:\${whole.toString('base64url')}\`;`,
        `      return \`\${key.id}:\${whole.toString('base64url')}:\${plain}\`;`,
      ],
    ],
    test: {
      file: 'tests/notify/webhook.test.ts',
      name: 'stands nowhere in the ledger, nor does the address',
    },
  },
  {
    guard: 'a sealed text opens only in its own row',
    file: 'src/store/keyring.ts',
    patch: [
      [
        `  return Buffer.from(\`\${table}|\${column}|\${row}\`, 'utf8');`,
        `  return Buffer.from(\`\${[table, column, row].length}\`, 'utf8');`,
      ],
    ],
    test: { file: 'tests/store/keyring.test.ts', name: 'a sealed text' },
  },
  {
    guard: 'what is typed into a dialogue is sealed',
    short: true,
    file: 'src/chat/conversations/index.ts',
    patch: [
      [
        '{ version: state.version as Json, sealed }',
        '{ version: state.version as Json, sealed, state: state as unknown as Json }',
      ],
    ],
    test: {
      file: 'tests/chat/typed-secrets.test.ts',
      name: 'stands nowhere while the dialogue is open, and the dialogue goes on',
    },
  },
  {
    guard: 'a handled update is forgotten',
    file: 'src/store/updates.ts',
    patch: [["error = null, payload = '{}'", 'error = null, payload = payload']],
    test: {
      file: 'tests/chat/inbox.test.ts',
      name: 'forgets what was in an update once it is handled: it may be a password',
    },
  },
  {
    guard: 'secrets are taken out of the log',
    short: true,
    file: 'src/log.ts',
    patch: [
      ['      const line = scrub(String(chunk));', '      const line = String(chunk);\n      void scrub;'],
    ],
    test: { file: 'tests/log.test.ts', name: 'keeps a secret out, wherever it hides' },
  },
  {
    guard: 'of an error only what is on the list is logged',
    file: 'src/log.ts',
    patch: [
      [
        'serializers: { err: errorFields } },',
        'serializers: { err: (error: Error) => ({ ...error, all: inspect(error) }) } },',
      ],
      ["import { pino } from 'pino';", "import { inspect } from 'node:util';\nimport { pino } from 'pino';"],
    ],
    test: { file: 'tests/log.test.ts', name: 'writes of an error only what is on the list' },
  },
  {
    guard: 'an answer that breaks off tells no query',
    file: 'src/ingest/begun.ts',
    patch: [["throw new Error('The rest could not be read; ask again.');", 'throw error;']],
    test: {
      file: 'tests/ingest/begun.test.ts',
      name: 'breaks off later with a sentence of ours, and logs the cause',
    },
  },
  {
    guard: 'the sweeper finds what nobody rang for',
    short: true,
    file: 'src/queue/sweeper.ts',
    patch: [['    await ringFor(bells);\n', '']],
    test: {
      file: 'tests/queue/sweeper.test.ts',
      name: 'rings for what waits, and leaves the work to the workers while the queue is well',
    },
  },
  {
    guard: 'without a queue the sweeper works itself',
    file: 'src/queue/sweeper.ts',
    patch: [['    if (direct) workDirectly(bells);\n    else if', '    if']],
    test: {
      file: 'tests/queue/sweeper.test.ts',
      name: 'works itself when the queue has been away for three seconds',
    },
  },
  {
    guard: 'a round that stands still is seen at /healthz',
    file: 'src/app/health.ts',
    patch: [['  if (isLate)\n', '  if (isLate && now < 0)\n']],
    test: {
      file: 'tests/app/health.test.ts',
      name: 'is well once a canary was evaluated and told, and fails when none comes through for 150 seconds',
    },
  },
  {
    guard: 'a server that computes is not hung up on',
    file: 'src/store/silent-sockets.ts',
    patch: [['        else if (view.waits === false) calm(one);\n', '']],
    test: {
      file: 'tests/store/silent-sockets.test.ts',
      name: 'is not hung up on while it computes, however long, outside a transaction, too',
    },
  },
];
