// Guards of the ways that were made short: requests read whole, connections that live once, what begins with its decision
// and what is done by sight.
import type { Mutation } from './mutation.ts';

const doors = 'tests/app/short-lines.test.ts';
const transactions = 'tests/store/transaction.test.ts';
const atOnce = 'tests/notify/at-once.test.ts';

export const shortWays: readonly Mutation[] = [
  {
    guard: 'what two readers could understand in two ways is left to Node',
    short: true,
    file: 'src/app/whole-request.ts',
    patch: [[' || notPlain.has(name)) return undefined;', ') return undefined;']],
    test: { file: doors, name: 'leaves to Node what is not plain: ' },
  },
  {
    guard: 'a name that comes twice is left to Node',
    file: 'src/app/whole-request.ts',
    patch: [['name === undefined || named.has(name) || ', 'name === undefined || ']],
    test: { file: doors, name: 'leaves to Node what is not plain: ' },
  },
  {
    guard: 'requests of one connection are answered in their order',
    file: 'src/app/short-lines.ts',
    patch: [
      [
        '      if (line.isAsked) {\n        behind =',
        '      if (line.isAsked && line.seconds < 0) {\n        behind =',
      ],
    ],
    test: { file: doors, name: 'answers in order what was asked before the answer' },
  },
  {
    guard: 'nothing of a transaction is written outside of it',
    short: true,
    file: 'src/store/wire.ts',
    patch: [["{ default_transaction_read_only: 'on' }", "{ default_transaction_read_only: 'off' }"]],
    test: { file: transactions, name: 'writes nothing when its beginning fails, and fails with it' },
  },
  {
    guard: 'the answer to a commit is read',
    file: 'src/store/transaction.ts',
    patch: [
      [
        "    if (how === 'commit' && command !== 'COMMIT') throw fault?.error ?? rolledBack();\n",
        '    void command;\n',
      ],
    ],
    test: {
      file: transactions,
      name: 'fails when it was rolled back although each of its last statements was answered',
    },
  },
  {
    guard: 'an address whose claim nobody confirmed is given back',
    file: 'src/notify/at-once.ts',
    patch: [
      [
        '        for (const { kept } of all) kept.drop(true);',
        '        for (const { kept } of all) kept.drop(false);',
      ],
    ],
    test: { file: atOnce, name: 'a commit whose answer is lost is known to nobody' },
  },
  {
    guard: 'nobody’s address is claimed with a decision, whoever came first',
    file: 'src/store/moved-turns.ts',
    patch: [['where b.lease_owner is null and exists', 'where exists']],
    test: { file: atOnce, name: 'what is for an address that somebody claims at the same moment' },
  },
  {
    guard: 'a turn is taken with a decision only while it is as it was seen',
    file: 'src/store/moved-turns.ts',
    patch: [['b.free_at = v.before and b.paused_until', 'b.paused_until']],
    test: { file: atOnce, name: 'what finds its turn taken at the same moment' },
  },
  {
    guard: 'a process that was stopped while it decided sends nothing late',
    short: true,
    file: 'src/notify/worker.ts',
    patch: [
      [
        'run(attend(channel, address, first, bell, moment))',
        'run(attend(channel, address, first, bell, { ...moment, from: elapsed() }))',
      ],
    ],
    test: { file: atOnce, name: 'or is stopped for a minute ' },
  },
  {
    guard: 'a process is known until what it is deciding has been sent',
    file: 'src/notify/worker.ts',
    patch: [['      while (under.size > 0) await Promise.allSettled(under);\n', '']],
    test: {
      file: atOnce,
      name: 'a process stays known to the others until what it is deciding has been sent',
    },
  },
  {
    guard: 'who acts by sight must have the right to',
    short: true,
    file: 'src/operations/by-sight.ts',
    patch: [
      ["  if (refusalFor({ ...actor, role: by.role }, 'act', it.alert.ownerId)) return undefined;\n", ''],
    ],
    test: { file: 'tests/chat/buttons.test.ts', name: 'an alert of somebody else, whatever row says so' },
  },
];
