// A stage for the chat room: the real bot, the Telegram sandbox, a real ledger, and a clock that only the test moves.
import type { Update } from '@grammyjs/types';
import { actionBook } from '#act/action-book.ts';
import { type ChatBot, createBot } from '#chat/bot.ts';
import type { Role } from '#core/actor.ts';
import type { NewEvent } from '#core/event.ts';
import { openBackTests } from '#evaluate/back-tests.ts';
import { kindBook } from '#evaluate/kind-book.ts';
import { openModuleBook } from '#ingest/module-book.ts';
import { channelBook } from '#notify/channel-book.ts';
import { templateBook } from '#notify/templates/book.ts';
import type { BackTestBook } from '#operations/back-test-book.ts';
import { invitationHash } from '#operations/invite.ts';
import type { World } from '#operations/world.ts';
import { type Limits, labels, type SandboxPerson, startTelegramSandbox } from '#sandbox/telegram/index.ts';
import { openDatabase } from '#store/connection.ts';
import { addInvitation } from '#store/invitations.ts';
import { openTopicBook } from '#store/topics.ts';
import { createTelegram } from '#telegram/client.ts';
import { border } from '../harness/border.ts';
import { freshDatabase } from '../harness/database.ts';
import { sealing } from '../harness/sealing.ts';

/** Wednesday 10 June 2026, 12:05 UTC: 14:05 in Berlin. */
export const start = Date.UTC(2026, 5, 10, 12, 5, 0);

export type Stage = Awaited<ReturnType<typeof openStage>>;

export async function openStage(
  options: {
    limits?: Partial<Limits> | 'off';
    owners?: number[];
    version?: number;
    timeoutSeconds?: number;
    backTests?: BackTestBook;
  } = {},
) {
  const clock = { now: start };
  const fresh = await freshDatabase();
  const database = openDatabase(fresh.connection, 6);
  const sandbox = await startTelegramSandbox({
    random: Math.random,
    now: () => clock.now,
    limits: options.limits ?? 'off',
  });
  let counter = 0;
  const counts = new Map<string, number>();
  const errors: string[] = [];
  const world: World = {
    database,
    ring: () => {},
    id: (prefix) => `${prefix}_${String(++counter).padStart(20, '0')}`,
    token: () => `t${(++counter).toString(36).padStart(21, '0')}`,
    ...sealing,
    defaultZone: 'Europe/Berlin',
    log: {
      debug() {},
      info() {},
      warn: (fields, text) => void errors.push(`${text} ${JSON.stringify(fields)}`),
      error: (fields, text) => void errors.push(`${text} ${JSON.stringify(fields)}`),
    },
    meter: {
      count: (name, _labels, by = 1) => void counts.set(name, (counts.get(name) ?? 0) + by),
      observe() {},
    },
  };
  const waited: number[] = [];
  const client = createTelegram({
    token: sandbox.token,
    apiRoot: sandbox.apiRoot,
    log: world.log,
    ...(options.timeoutSeconds ? { headersMs: options.timeoutSeconds * 1000 } : {}),
  });
  const newBot = (): ChatBot =>
    createBot({
      world,
      book: kindBook,
      channels: channelBook([]),
      actions: actionBook,
      modules: openModuleBook(border.outbound),
      templates: templateBook,
      client,
      backTests: options.backTests ?? openBackTests(world, () => clock.now),
      telegram: {
        token: sandbox.token,
        apiRoot: sandbox.apiRoot,
        ...(options.timeoutSeconds ? { timeoutSeconds: options.timeoutSeconds } : {}),
      },
      owners: options.owners ?? [],
      publicUrl: 'http://localhost:8080',
      now: () => clock.now,
      pause: async (ms) => {
        waited.push(ms);
        clock.now += ms;
      },
    });
  let bot = newBot();
  let offset = 0;
  const api = async (method: string, params: object) => {
    const response = await fetch(`${sandbox.apiRoot}/bot${sandbox.token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
    });
    return ((await response.json()) as { result: unknown }).result;
  };
  await api('getUpdates', { timeout: 0, allowed_updates: ['message', 'callback_query', 'my_chat_member'] });
  const stage = {
    clock,
    database,
    db: database.db,
    sandbox,
    world,
    counts,
    errors,
    waited,
    get bot() {
      return bot;
    },
    /** The process ends and another begins on the same ledger. */
    restart() {
      bot = newBot();
    },
    /** Handles what has come, in order, until nothing more does. */
    async settle(): Promise<void> {
      for (;;) {
        const updates = (await api('getUpdates', { offset, timeout: 0 })) as Update[];
        if (updates.length === 0) return;
        for (const update of updates) {
          await bot.handle(update, clock.now);
          offset = update.update_id + 1;
        }
      }
    },
    /** What waits, without handling it. */
    async take(): Promise<Update[]> {
      const updates = (await api('getUpdates', { offset, timeout: 0 })) as Update[];
      offset = (updates.at(-1)?.update_id ?? offset - 1) + 1;
      return updates;
    },
    async say(who: SandboxPerson, text: string, at: { chat?: number; replyTo?: number } = {}) {
      who.say(text, at);
      await stage.settle();
      return stage.screen(at.chat ?? who.id);
    },
    async press(
      who: SandboxPerson,
      button: string | { data: string },
      at: { chat?: number; messageId?: number } = {},
    ) {
      const answer = who.press(button, at);
      answer.catch(() => {});
      await stage.settle();
      return answer;
    },
    /** Presses, and returns what stands in the chat afterwards. */
    async go(who: SandboxPerson, button: string, at: { chat?: number } = {}) {
      await stage.press(who, button, at);
      return stage.screen(at.chat ?? who.id);
    },
    /** The newest message of the bot as a person sees it: text and buttons. */
    screen(chat: number): string {
      const last = sandbox
        .messages(chat)
        .filter((one) => one.fromBot && !one.deleted)
        .at(-1);
      return last
        ? [last.text, ...labels(last).map((row) => row.map((label) => `[ ${label} ]`).join(' '))].join('\n')
        : '';
    },
    count(chat: number) {
      return sandbox.messages(chat).filter((one) => one.fromBot).length;
    },
    /** A person who was invited and has said their zone. */
    async person(id: number, name: string, role: Role = 'member') {
      const hands = sandbox.person(id, { first_name: name, language_code: 'de' });
      const token = `invitation-of-${id}-${role}`;
      await addInvitation(database.db, {
        hash: invitationHash(token),
        role,
        createdBy: 'operator',
        expiresAt: clock.now + 1e6,
      });
      hands.start(token);
      await stage.settle();
      return hands;
    },
    /** Somebody who has been through the first contact. */
    async settled(id: number, name: string, role: Role = 'member') {
      const hands = await stage.person(id, name, role);
      await stage.press(hands, 'That’s right');
      await stage.say(hands, '/cancel');
      return hands;
    },
    /** Fills the catalogue as the evaluator does. */
    async seen(events: Partial<NewEvent>[]) {
      const book = openTopicBook();
      book.noteSeen(
        events.map((event, i) => ({
          seq: i,
          id: String(i),
          fingerprint: '',
          source: 'test',
          type: 'disk.usage',
          subject: '',
          data: {},
          labels: {},
          receivedAt: clock.now - 8000,
          ...event,
        })),
      );
      await book.flush(database.db);
    },
    /** How many rows every table has. */
    async rows(): Promise<Record<string, number>> {
      const tables = await database.sql<{ name: string }[]>`
        select table_name as name from information_schema.tables where table_schema = 'public'`;
      const found: Record<string, number> = {};
      for (const { name } of tables) {
        const [row] = await database.sql.unsafe<{ n: number }[]>(`select count(*)::int as n from "${name}"`);
        if (row && row.n > 0) found[name] = row.n;
      }
      return found;
    },
    /** Calls that Telegram refused because of what was in them. */
    refused() {
      return sandbox.ledger
        .filter(
          ({ ok, error }) =>
            !ok &&
            error?.code === 400 &&
            !/not modified|query is too old|to edit not found/.test(error.description),
        )
        .map(({ method, error }) => `${method}: ${error?.description}`);
    },
    async end() {
      client.close();
      await sandbox.stop();
      await database.close();
      await fresh.drop();
    },
  };
  return stage;
}

export const disks = [
  { subject: '/home', data: { usage: 71, host: 'cad1', state: 'ok' } },
  { subject: '/var', data: { usage: 41, host: 'cad1', state: 'ok' } },
  { subject: '/sarc/cad', data: { usage: 93.5, host: 'cad2', state: 'tight' } },
];
