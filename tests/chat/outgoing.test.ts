// The way out: budgets, patience, and that an answer is never simply lost.
import type { Update } from '@grammyjs/types';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SandboxPerson } from '#sandbox/telegram/index.ts';
import { takeTurn } from '#store/budgets.ts';
import { notifications } from '#store/schema/notifications.ts';
import { disks, openStage, type Stage } from './stage.ts';

let stage: Stage;
let ana: SandboxPerson;
beforeEach(async () => {
  stage = await openStage();
  await stage.seen(disks);
  ana = await stage.settled(7400, 'Ana');
});
afterEach(() => stage.end());
const notes = async () =>
  (await stage.db.select().from(notifications).orderBy(notifications.id)).map(({ kind, body }) => ({
    kind,
    body,
  }));
const said = (text: string) =>
  ({
    update_id: 900_000,
    message: {
      message_id: 900,
      date: 0,
      chat: { id: ana.id, type: 'private', first_name: 'Ana' },
      from: { id: ana.id, is_bot: false, first_name: 'Ana' },
      text,
      entities: [{ type: 'bot_command', offset: 0, length: text.length }],
    },
  }) as Update;
const flood = (seconds: number) => ({
  status: 429,
  description: `Too Many Requests: retry after ${seconds}`,
  parameters: { retry_after: seconds },
});

it('waits in place when Telegram asks for at most three seconds', async () => {
  stage.sandbox.faults.next(1, flood(3), { method: 'sendMessage' });
  expect(await stage.say(ana, '/alerts')).toContain('Nothing burns');
  expect(stage.waited).toEqual([3000]);
  expect(await notes()).toEqual([]);
});

it('keeps the answer as a note and stops the chat when Telegram asks for more', async () => {
  stage.sandbox.faults.next(1, flood(20), { method: 'sendMessage' });
  const count = stage.count(ana.id);
  await stage.say(ana, '/alerts');
  expect(stage.count(ana.id)).toBe(count);
  expect(stage.waited).toEqual([]);
  expect(await notes()).toEqual([
    {
      kind: 'note',
      body: 'Nothing burns, and no rule is watching yet: /subscribe makes the first. Last event 8 s ago.',
    },
  ]);
  const turn = await takeTurn(stage.db, 'telegram', '7400', 'private', stage.clock.now, { force: true });
  expect(turn).toEqual({ ok: false, at: stage.clock.now + 20_000 });
  // Nothing more is tried while the chat is paused.
  const calls = stage.sandbox.ledger.length;
  await stage.say(ana, '/rules');
  expect(stage.sandbox.ledger.slice(calls).filter(({ method }) => method === 'sendMessage')).toEqual([]);
  expect(await notes()).toHaveLength(2);
  stage.clock.now += 20_001;
  expect(await stage.say(ana, '/alerts')).toContain('Nothing burns');
});

it('a paused wizard goes on where it was, by a press on the old screen', async () => {
  await stage.say(ana, '/subscribe disk.usage');
  stage.sandbox.faults.next(1, flood(20), { method: 'editMessageText' });
  await stage.press(ana, 'usage');
  expect(stage.screen(ana.id)).toContain('What about it shall I tell you?');
  stage.clock.now += 20_001;
  expect((await stage.press(ana, 'usage')).text).toContain('here is the present one');
  expect(stage.screen(ana.id)).toContain('Tell you when usage is above');
  expect(await stage.go(ana, '90')).toContain('At night or weekends');
});

it('takes the chat’s turn, so that notifications wait for an answer', async () => {
  await stage.say(ana, '/alerts');
  const turn = await takeTurn(stage.db, 'telegram', '7400', 'private', stage.clock.now);
  const later = await takeTurn(stage.db, 'telegram', '7400', 'private', stage.clock.now);
  expect([turn.ok, later.ok]).toContain(false);
});

it('keeps the answer as a note when the connection breaks', async () => {
  stage.sandbox.faults.next(1, 'reset-before', { method: 'sendMessage' });
  await stage.say(ana, '/alerts');
  expect(await notes()).toMatchObject([{ kind: 'note' }]);
});

it('keeps no secret that was to be shown once, and says so', async () => {
  await stage.say(ana, '/sources');
  await stage.press(ana, 'Wait for a job');
  await stage.press(ana, 'Nightly backup');
  // The screen was deleted, and a new one may not be sent.
  const gone = { status: 400, description: 'Bad Request: message to edit not found' };
  stage.sandbox.faults.next(1, gone, { method: 'editMessageText' });
  stage.sandbox.faults.next(1, flood(20), { method: 'sendMessage' });
  await stage.say(ana, '1h');
  const [note] = await notes();
  expect(note!.body).toMatch(/^I wait for Nightly backup\.\n.*\/v1\/ping\/\[secret\]/s);
  expect(note!.body).toContain('The secret could not be told just then, and it is kept nowhere');
});

it('marks the note when the answer may have been heard, and gives up waiting for Telegram', async () => {
  await stage.end();
  stage = await openStage({ timeoutSeconds: 1 });
  ana = await stage.settled(7402, 'Ana');
  stage.sandbox.faults.next(1, 'hang-after', { method: 'sendMessage' });
  await stage.say(ana, '/alerts');
  expect(await notes()).toMatchObject([
    { kind: 'note', body: expect.stringMatching(/^Possible repeat:\nNothing burns, and/) },
  ]);
});

it('does not mark it when nobody can have heard', async () => {
  // The connection itself is refused.
  await stage.sandbox.stop();
  await stage.bot.handle(said('/alerts'), stage.clock.now);
  expect((await notes()).map(({ body }) => body)).toEqual([
    'Nothing burns, and no rule is watching yet: /subscribe makes the first. Last event 8 s ago.',
  ]);
});

it('waits ten seconds for Telegram, not minutes', () => {
  expect(stage.bot.bot.api.options?.timeoutSeconds).toBe(10);
});

it('asks who it is again and again, never long apart, when Telegram is away at the start', async () => {
  stage.restart();
  stage.sandbox.faults.next(6, 'reset-before', { method: 'getMe' });
  expect(await stage.say(ana, '/alerts')).toContain('Nothing burns');
  expect(stage.waited).toEqual([250, 500, 1000, 2000, 4000, 5000]);
});

it('sends the plain text when Telegram cannot read our HTML, and counts it', async () => {
  stage.sandbox.faults.next(
    1,
    { status: 400, description: "Bad Request: can't parse entities: x" },
    { method: 'sendMessage' },
  );
  expect(await stage.say(ana, '/alerts')).toContain('Nothing burns');
  expect(stage.counts.get('chat_plain_fallback')).toBe(1);
});

it('sends a new message when the old one was deleted', async () => {
  await stage.say(ana, '/settings');
  const count = stage.count(ana.id);
  stage.sandbox.faults.next(
    1,
    { status: 400, description: 'Bad Request: message to edit not found' },
    { method: 'editMessageText' },
  );
  expect(await stage.go(ana, 'Morning')).toContain('When shall it be?');
  expect(stage.count(ana.id)).toBe(count + 1);
});

it('keeps to the limits of Telegram in a long conversation', async () => {
  await stage.end();
  stage = await openStage({ limits: {} });
  await stage.seen(disks);
  ana = await stage.settled(7401, 'Ana');
  for (let i = 0; i < 30; i++) {
    stage.clock.now += 1000;
    await stage.say(ana, i % 2 === 0 ? '/alerts' : '/rules');
  }
  expect(stage.sandbox.ledger.filter(({ error }) => error?.code === 429)).toEqual([]);
});

it('says that something went wrong on our side, once, and goes on', async () => {
  await stage.database.sql`alter table silences rename to silences_away`;
  expect(await stage.say(ana, '/silence')).toBe('That went wrong on my side. It is noted; please try again.');
  await stage.database.sql`alter table silences_away rename to silences`;
  expect(await stage.say(ana, '/silence')).toContain('Nothing is muted.');
  expect(stage.errors).toHaveLength(1);
  expect(stage.errors[0]).not.toContain(stage.sandbox.token);
});
