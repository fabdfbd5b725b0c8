// Guards of telling: intent before bytes, repeats marked, limits kept, wishes respected, nobody left hanging.
import type { Mutation } from './mutation.ts';

const trouble = 'tests/notify/trouble.test.ts';
const frozen = 'tests/notify/frozen.test.ts';
const telling = 'tests/notify/telling.test.ts';

export const tellings: readonly Mutation[] = [
  {
    guard: 'the intent is written before the first byte',
    short: true,
    file: 'src/notify/send.ts',
    patch: [
      [
        '  const { attempt } = begun;\n  if (!attempt) return undefined;',
        '  const attempt = { id: 0, number: 1, firstTry: null as number | null };',
      ],
      [
        'const begun = before ?? (await asks.begin(wanted));',
        'const begun = before ?? (await asks.begin({ ...wanted, notificationId: 0 }));',
      ],
      [
        "  world.meter.count('deliveries', { channel: channel.name, outcome: outcome.is });",
        '  Object.assign(attempt, ((await asks.begin(wanted)) as { attempt: unknown }).attempt);',
      ],
    ],
    test: { file: trouble, name: 'between intent and outcome leaves an attempt that is repeated, marked' },
  },
  {
    guard: 'a repeat after an unknown outcome is marked',
    short: true,
    file: 'src/store/deliveries.ts',
    patch: [["and outcome in ('unknown', 'sent') group by 1)", "and outcome in ('sent') group by 1)"]],
    test: { file: trouble, name: '500 with the message accepted: told twice, the second marked' },
  },
  {
    guard: 'an answer that broke off is no surely lost message',
    file: 'src/telegram/client.ts',
    patch: [["is: connected ? 'unknown' : 'unsent', why", "is: 'unsent', why"]],
    test: { file: trouble, name: 'told twice, the second marked' },
  },
  {
    guard: 'retry_after',
    short: true,
    file: 'src/telegram/outcome.ts',
    patch: [['afterMs: Math.max(1, failure.retryAfter ?? 1) * second,', 'afterMs: 1,']],
    test: { file: trouble, name: '429: waits as told, that chat alone, not marked' },
  },
  {
    guard: 'the budget of a chat',
    short: true,
    file: 'src/store/budgets.ts',
    patch: [
      ['  if (at > now) return { ok: false, at };', '  if (at > now + 3_600_000) return { ok: false, at };'],
    ],
    test: { file: trouble, name: 'an answer to a person goes first, and notifications wait' },
  },
  {
    guard: 'an address is served by one process',
    file: 'src/store/waiting.ts',
    patch: [[`or not \${leaseHeld(wanted.now)}`, `or true or not \${leaseHeld(wanted.now)}`]],
    test: { file: trouble, name: 'between intent and outcome leaves an attempt that is repeated, marked' },
  },
  {
    guard: 'begins with its decision only what is all that waits',
    file: 'src/store/undecided.ts',
    patch: [['and n.id <> m.id offset 0)', 'and n.id <> m.id and false offset 0)']],
    test: {
      file: 'tests/notify/at-once.test.ts',
      name: 'what has something beside it that is tried again later',
    },
  },
  {
    guard: 'a decision with which something begins waits for the disk',
    short: true,
    file: 'src/notify/decide.ts',
    patch: [['(atOnce ? db : soft).transaction', '(atOnce ? soft : soft).transaction']],
    test: {
      file: 'tests/notify/at-once.test.ts',
      name: 'waits for the disk where something begins, and only there',
    },
  },
  {
    guard: 'the lease is looked at before the bytes',
    short: true,
    file: 'src/notify/send.ts',
    patch: [
      ['    outcome = inTime()\n', '    outcome = inTime() || began > 0\n'],
      ['about, inTime })', 'about })'],
    ],
    test: { file: frozen, name: 'that was stopped for a minute, ' },
  },
  {
    guard: 'the lease is looked at before a message is edited',
    file: 'src/notify/edit.ts',
    patch: [
      ['  if (!inTime()) return;\n', ''],
      ['now: began, inTime };', 'now: began };'],
    ],
    test: {
      file: frozen,
      name: 'that was stopped for a minute while it edited, ',
    },
  },
  {
    guard: 'what was edited late is edited anew',
    file: 'src/store/copies.ts',
    patch: [['set shown_rev = held.rev,', 'set shown_rev = greatest(c.shown_rev, held.rev),']],
    test: {
      file: frozen,
      name: 'that was stopped for a minute while it edited, ',
    },
  },
  {
    guard: 'a successor’s work is not undone by who lost the address',
    file: 'src/store/arrivals.ts',
    patch: [["d.outcome like 'sending'\n      returning d.id)", 'true\n      returning d.id)']],
    test: { file: trouble, name: 'that lost its address changes nothing of what its successor does' },
  },
  {
    guard: 'whoever heard “broke” hears “over”',
    short: true,
    file: 'src/store/alert-change.ts',
    patch: [
      [
        "  change.toHeard === true || ['over', 'changed'].includes(kindOf(change) ?? '');",
        "  change.toHeard === true || ['changed'].includes(kindOf(change) ?? '');",
      ],
    ],
    test: {
      file: telling,
      name: 'that was heard of is told to be over, also when the rule names nobody any more',
    },
  },
  {
    guard: 'what may have been heard is told to be over',
    file: 'src/notify/fail.ts',
    patch: [
      [
        "    const doubtful = outcome.is === 'unknown' || attempt.firstTry !== null;",
        '    const doubtful = false;',
      ],
    ],
    test: { file: trouble, name: 'end the notification, but not the promise to tell that it is over' },
  },
  {
    guard: 'quiet hours',
    short: true,
    file: 'src/notify/gates/index.ts',
    patch: [['  quietHours,\n  digest,', '  digest,']],
    test: { file: telling, name: 'hold all but the critical and end in one summary, still burning first' },
  },
  {
    guard: 'a silence',
    file: 'src/notify/gates/index.ts',
    patch: [['  silenced,\n  away,', '  away,']],
    test: { file: telling, name: 'hold what burns and tell it when they end, but not what is over by then' },
  },
  {
    guard: 'an opt-out',
    short: true,
    file: 'src/notify/gates/index.ts',
    patch: [['  optedOut,\n  onTrial,\n  superseded,', '  onTrial,\n  superseded,']],
    test: {
      file: 'tests/notify/elsewhere.test.ts',
      name: 'who opted out of a topic on a channel is told it on the others',
    },
  },
  {
    guard: 'nothing is told twice',
    file: 'src/notify/gates/index.ts',
    patch: [['  repeat,\n  inhibited,', '  inhibited,']],
    test: { file: 'tests/notify/gates.test.ts', name: 'the order' },
  },
  {
    guard: 'texts are harmless in Telegram’s HTML',
    short: true,
    file: 'src/telegram/html.ts',
    patch: [["replace(/&/g, '&amp;').replace(/</g, '&lt;')", "replace(/&/g, '&amp;')"]],
    test: {
      file: 'tests/telegram/html.test.ts',
      name: 'is parsed without an error into exactly the text that was meant',
    },
  },
  {
    guard: 'an address that forbids us is switched off',
    file: 'src/telegram/outcome.ts',
    patch: [
      ["return { is: 'refused', why, disables: true };", "return { is: 'refused', why, disables: false };"],
    ],
    test: { file: trouble, name: 'blocked: the receiver is switched off, waiting ones end, admins hear' },
  },
  {
    guard: 'who ends begins no other message',
    file: 'src/notify/deliver.ts',
    patch: [['inTime() && !world.ending?.aborted)', 'inTime())']],
    test: {
      file: 'tests/app/stop.test.ts',
      name: 'begins no other message while it ends: the next process sends the rest',
    },
  },
  {
    guard: 'a clock that is set back holds no message up',
    file: 'src/app/clock-jumps.ts',
    patch: [
      [
        'const byMs = await setBack(database.db, howFar, littleMs, now);',
        'const byMs = 3_600_000;\n  void setBack;',
      ],
    ],
    test: {
      file: 'tests/app/clock-jumps.test.ts',
      name: 'what must hold for five minutes is told after five minutes, and the owner learns of the clock',
    },
  },
];
