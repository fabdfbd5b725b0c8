// The failures that the program must survive, what must happen then, and the tests outside the shelf that watch over it.

/** A named test: the file, and the words of its `it`. */
export interface Witness {
  file: string;
  test: string;
}

export interface Failure {
  failure: string;
  must: string;
  /** Tests of `npm test`. What `npm run torture` covers stands with its scenario. */
  watched?: readonly Witness[];
}

export const failures = {
  F1: {
    failure: 'the process dies after the commit, before the answer 202',
    must: 'the sender tries again with the same id: duplicate, one effect',
  },
  F2: { failure: 'it dies after the answer, before the doorbell', must: 'the sweeper rings' },
  F3: {
    failure: 'a worker dies before, in or after the commit of an evaluation',
    must: 'it is done again; effects once',
  },
  F4: {
    failure: 'it dies after the intent to send, before the first byte',
    must: 'the attempt is unknown; a marked repeat',
  },
  F5: {
    failure: 'it dies after Telegram took the message, before that is written',
    must: 'exactly one marked repeat',
  },
  F6: { failure: 'kill -9 of any process, at random', must: 'nothing lost, reordered or repeated unmarked' },
  F7: {
    failure: 'a worker is frozen and goes on a minute later',
    must: 'nothing is sent late, no effect twice',
    watched: [
      {
        file: 'tests/notify/frozen.test.ts',
        test: 'that was stopped for a minute while it edited, %s, leaves nothing old standing',
      },
      {
        file: 'tests/notify/trouble.test.ts',
        test: 'that lost its address changes nothing of what its successor does',
      },
    ],
  },
  F8: {
    failure: 'one event kills its evaluator again and again',
    must: 'it is put aside and told; its lane goes on',
  },
  F9: { failure: 'Redis is killed and comes back', must: 'nothing lost, work goes on' },
  F10: { failure: 'Redis forgets everything', must: 'the same' },
  F11: {
    failure: 'Redis is down, or swallows everything',
    must: 'events are taken as before; alerts still go out',
  },
  F12: { failure: 'Redis is full', must: 'events are taken, the sweeper does the work' },
  F13: { failure: 'Redis is set to throw data away', must: 'the program refuses to start' },
  F14: {
    failure: 'PostgreSQL drops everything and starts again',
    must: '503 while it is away, nothing of what got 202 is missing',
  },
  F15: {
    failure: 'the answer to a commit is lost',
    must: '503; trying again is safe; evaluating again changes nothing',
  },
  F16: { failure: 'PostgreSQL swallows everything', must: '503 within seconds, nothing piles up' },
  F17: { failure: 'too many connections, deadlocks, serialization errors', must: 'tried again, never a 500' },
  F18: { failure: 'PostgreSQL’s disk is full', must: '503; goes on when there is room' },
  F19: { failure: 'Redis’s disk is full', must: 'as when it is full' },
  F20: { failure: 'no file descriptors are left', must: 'refused, no crash, recovers' },
  F21: {
    failure: 'Telegram says 429',
    must: 'that chat waits, in the ledger; others go on',
    watched: [
      { file: 'tests/notify/trouble.test.ts', test: '429: waits as told, that chat alone, not marked' },
    ],
  },
  F22: {
    failure: 'Telegram says 5xx',
    must: 'again, marked',
    watched: [
      {
        file: 'tests/notify/trouble.test.ts',
        test: '500 with the message accepted: told twice, the second marked',
      },
    ],
  },
  F23: {
    failure: 'Telegram’s answer is lost',
    must: 'one marked repeat, never an unmarked one',
    watched: [{ file: 'tests/notify/trouble.test.ts', test: '%s: told twice, the second marked' }],
  },
  F24: {
    failure: 'Telegram cannot be reached',
    must: 'again, not marked',
    watched: [{ file: 'tests/telegram/client.test.ts', test: 'nobody listens: unsent' }],
  },
  F25: {
    failure: 'the bot is blocked, kicked, or the account is gone',
    must: 'the channel is off, the next one is used',
    watched: [
      {
        file: 'tests/notify/trouble.test.ts',
        test: 'blocked: the receiver is switched off, waiting ones end, admins hear',
      },
    ],
  },
  F26: {
    failure: 'a group becomes a supergroup',
    must: 'its new id is used',
    watched: [
      {
        file: 'tests/notify/trouble.test.ts',
        test: 'a group that became a supergroup: the same notification goes on there',
      },
    ],
  },
  F27: {
    failure: 'a message cannot be edited',
    must: 'unchanged: fine; gone: a new one',
    watched: [{ file: 'tests/notify/trouble.test.ts', test: '“not modified” is success' }],
  },
  F28: {
    failure: 'Telegram cannot read the markup',
    must: 'once as plain text, and counted',
    watched: [
      {
        file: 'tests/notify/trouble.test.ts',
        test: 'a form that Telegram refuses: once more as plain text, counted',
      },
    ],
  },
  F29: {
    failure: 'the same update comes again and again',
    must: 'handled once',
    watched: [
      { file: 'tests/chat/inbox.test.ts', test: 'handles an update that is delivered five times once' },
    ],
  },
  F30: {
    failure: 'two processes ask for updates',
    must: 'one leads; a conflict is survived',
    watched: [{ file: 'tests/chat/inbox.test.ts', test: 'lets one of two poll, and the other take over' }],
  },
  F31: {
    failure: 'twenty people press at once',
    must: 'one change; the others see who was first',
    watched: [
      {
        file: 'tests/chat/groups.test.ts',
        test: 'twenty people press at once: one did it, the others hear who',
      },
    ],
  },
  F32: {
    failure: '10,000 events for one chat',
    must: 'few messages; nothing is lost in them',
    watched: [
      {
        file: 'tests/notify/storm.test.ts',
        test: 'is one message that is edited and one line at its end, and everybody hears that it is over',
      },
    ],
  },
  F33: {
    failure: 'the mail server is down, refuses or hangs',
    must: 'again, dead, or unknown',
    watched: [
      { file: 'tests/notify/email.test.ts', test: 'nothing after the mail: perhaps it was taken' },
      { file: 'tests/notify/email.test.ts', test: 'nobody there: surely not received' },
    ],
  },
  F34: {
    failure: 'a webhook is slow, redirects, is gone, or never stops talking',
    must: 'retried, ended or cut short',
    watched: [
      { file: 'tests/notify/webhook.test.ts', test: 'that cuts, hangs up or drowns us costs one attempt' },
      { file: 'tests/notify/webhook.test.ts', test: 'that is gone (410) is switched off at once' },
      {
        file: 'tests/notify/webhook.test.ts',
        test: 'is left alone as long as it asks (Retry-After), others are not',
      },
    ],
  },
  F35: {
    failure: 'the clock jumps',
    must: 'nothing fires twice; what is due fires once',
    watched: [
      {
        file: 'tests/app/clock-jumps.test.ts',
        test: 'what must hold for five minutes is told after five minutes, and the owner learns of the clock',
      },
    ],
  },
  F36: {
    failure: 'clocks change, zones change',
    must: 'once, at the hour meant',
    watched: [
      {
        file: 'tests/core/hours.test.ts',
        test: 'ends in the gap of spring at its end, and at the earlier hour of autumn',
      },
      {
        file: 'tests/core/spans.test.ts',
        test: 'answers as the window itself does, in any zone and over both changes of the clock',
      },
    ],
  },
  F37: {
    failure: 'SIGTERM under load',
    must: 'ends in order; no attempt is unknown',
    watched: [
      {
        file: 'tests/app/stop.test.ts',
        test: 'lets messages that are in the air arrive: no attempt is left unknown',
      },
    ],
  },
  F38: {
    failure: 'an old and a new version at once',
    must: 'both work',
    watched: [
      { file: 'tests/store/beside.test.ts', test: 'writes, changes and reads each of them as it always did' },
    ],
  },
  F39: {
    failure: 'a rule, template or pattern that never ends',
    must: 'it ends',
    watched: [{ file: 'tests/core/matcher.test.ts', test: 'lets no pattern hold the worker' }],
  },
  F40: { failure: 'months of running', must: 'memory stays level' },
  F41: {
    failure: 'the encryption key is lost or changed',
    must: 'refused with a reason; the old one may be given too',
    watched: [
      { file: 'tests/store/keyring.test.ts', test: 'must be those it was sealed with' },
      {
        file: 'tests/store/keyring.test.ts',
        test: 'are changed beside a running program, which goes on reading',
      },
    ],
  },
  F42: {
    failure: 'everything silently stands still',
    must: '/healthz says so',
    watched: [
      {
        file: 'tests/app/health.test.ts',
        test: 'is well once a canary was evaluated and told, and fails when none comes through for 150 seconds',
      },
    ],
  },
} as const satisfies Record<string, Failure>;

export type FailureId = keyof typeof failures;
