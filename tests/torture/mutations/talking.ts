// Guards of the chat: a press counts by who presses, where and when; updates once and in order; invitations once.
import type { Mutation } from './mutation.ts';

const buttons = 'tests/chat/buttons.test.ts';

export const talking: readonly Mutation[] = [
  {
    guard: 'a button belongs to its chat',
    short: true,
    file: 'src/chat/bot.ts',
    patch: [['if (!row || row.chatId !== ctx.chatId) return', 'if (!row) return']],
    test: { file: buttons, name: 'a button of another chat' },
  },
  {
    guard: 'a button has an end',
    file: 'src/chat/bot.ts',
    patch: [['  if (row.expiresAt <= ctx.now) return', '  if (row.expiresAt < 0) return']],
    test: { file: buttons, name: 'an expired button' },
  },
  {
    guard: 'who presses must have the right to',
    short: true,
    file: 'src/operations/step-alert.ts',
    patch: [['  return wasTold ? undefined : refused;', '  void refused, wasTold;\n  return undefined;']],
    test: { file: buttons, name: 'an alert of somebody else, whatever row says so' },
  },
  {
    guard: 'what was seen counts only while it is so',
    file: 'src/store/alerts-held.ts',
    patch: [[' and h.mark = s.mark', '']],
    test: {
      file: 'tests/operations/as-seen.test.ts',
      name: 'a second press hears the truth, also one that saw it burn',
    },
  },
  {
    guard: 'a mask is nobody',
    short: true,
    file: 'src/chat/who.ts',
    patch: [['true : masks.has(ctx.from?.id ?? 0);', 'false : masks.has(0);']],
    test: {
      file: 'tests/chat/groups.test.ts',
      name: 'everybody known acknowledges under their own name; strangers and masks do not',
    },
  },
  {
    guard: 'who has left is a stranger',
    file: 'src/chat/who.ts',
    patch: [['    if (person && person.leftAt === null) {', '    if (person) {']],
    test: { file: 'tests/chat/strangers.test.ts', name: 'somebody who was sent away is a stranger again' },
  },
  {
    guard: 'an update is handled once',
    short: true,
    file: 'src/store/updates.ts',
    patch: [
      [
        'on conflict do nothing returning update_id',
        'on conflict (update_id) do update set done_at = null returning updates.update_id',
      ],
    ],
    test: { file: 'tests/chat/inbox.test.ts', name: 'handles an update that is delivered five times once' },
  },
  {
    guard: 'Telegram forgets only what is kept',
    file: 'src/chat/poller.ts',
    patch: [
      ['    await keepAll(answer.result, now());\n', ''],
      [
        'numbers.length > 0 ? Math.max(...numbers) + 1 : undefined;',
        'numbers.length > 0 ? Math.max(...numbers) + 1 : undefined;\n    await keepAll(answer.result, now());',
      ],
    ],
    test: { file: 'tests/chat/inbox.test.ts', name: 'does not let Telegram forget what could not be kept' },
  },
  {
    guard: 'a webhook’s update proves itself',
    file: 'src/chat/webhook.ts',
    patch: [
      ["if (secret === '' || !same(shown, secret)) return", "if (secret === '' || same('', secret)) return"],
    ],
    test: {
      file: 'tests/chat/inbox.test.ts',
      name: 'takes a webhook’s updates only with the secret, and only what is one',
    },
  },
  {
    guard: 'an invitation is used once',
    short: true,
    file: 'src/store/invitations.ts',
    patch: [
      ['eq(invitations.hash, hash), isNull(invitations.usedAt), gt(', 'eq(invitations.hash, hash), gt('],
    ],
    test: {
      file: 'tests/operations/join.test.ts',
      name: 'gives a token to one of twenty who use it at once',
    },
  },
];
