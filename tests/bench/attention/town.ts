// Fifty people in the whole application, with Telegram emulated and a clock that only the script moves.
import { createHash } from 'node:crypto';
import type { Doorbell } from '#core/doorbell.ts';
import type { Log } from '#core/log.ts';
import { createRule } from '#operations/create-rule.ts';
import { invite } from '#operations/invite.ts';
import { join } from '#operations/join.ts';
import { setQuietHours } from '#operations/set-quiet-hours.ts';
import { setStyle } from '#operations/set-style.ts';
import { setZone } from '#operations/set-zone.ts';
import type { World } from '#operations/world.ts';
import { startTelegramSandbox } from '#sandbox/telegram/index.ts';
import type { Database } from '#store/connection.ts';
import { receiversOf } from '#store/receivers.ts';
import { openRooms } from '../../../src/app/rooms.ts';
import { kindBook } from '../../../src/evaluate/kind-book.ts';
import { makeDoor } from '../../../src/http.ts';
import { ensureBootstrapKey } from '../../../src/ingest/bootstrap-key.ts';
import { openMetrics } from '../../../src/metrics.ts';
import { border } from '../../harness/border.ts';
import { nextDue } from '../../harness/due.ts';
import { sealing } from '../../harness/sealing.ts';
import type { Resident } from './month.ts';
import type { Seen } from './oracle.ts';

const key = 'tk_bench_key_0123456789abcdef';
const together = 6;
const operator = { is: 'operator', name: 'the bench' } as const;

export type Town = Awaited<ReturnType<typeof openTown>>;

/** Opens it on an empty ledger. */
export async function openTown(database: Database, begins: number) {
  let clock = begins;
  const now = () => clock;
  const telegram = await startTelegramSandbox({ now, random: chanceOf('faults') });
  const seen: Seen[] = [];
  const watchers: ((one: Seen) => void)[] = [];
  const saw = (one: Seen) => {
    seen.push(one);
    for (const watcher of watchers) watcher(one);
  };
  const silentOf = new Map<string, boolean>();
  telegram.onChange((change) => {
    if (change.do === 'message' && change.message.fromBot) {
      const { chat_id: chat, message_id: id, text, silent = false } = change.message;
      silentOf.set(`${chat} ${id}`, silent);
      saw({ at: clock, chat, id, what: 'new', silent, text });
    }
    if (change.do === 'edit' && change.textChanged)
      saw({
        at: clock,
        chat: change.chat,
        id: change.message_id,
        what: 'edit',
        silent: true,
        text: change.text,
      });
  });
  const complaints = new Map<string, number>();
  const complain = (_fields: object, text: string) =>
    void complaints.set(text, (complaints.get(text) ?? 0) + 1);
  const log: Log = { debug() {}, info() {}, warn: complain, error: complain };
  const metrics = openMetrics();
  let bytes = 0;
  const rooms = openRooms({
    database,
    ring: (_bells: Doorbell[]) => {},
    now,
    chance: (count) => createHash('sha512').update(`chance ${bytes++}`).digest().subarray(0, count),
    log,
    meter: metrics,
    defaultZone: 'UTC',
    telegram,
    owners: [],
    ...border,
    keyring: sealing.keyring,
    pause: async (ms) => {
      clock += ms;
    },
  });
  await ensureBootstrapKey(rooms.world, key, clock);
  const door = makeDoor({
    ingest: rooms.ingest,
    health: async () => {
      throw new Error('a month has no health');
    },
    ready: () => true,
    metrics,
    mayRead: async () => true,
    sandbox: telegram.page,
    broke: (error) => complain({ err: error }, `a request broke something: ${String(error)}`),
  });

  /** Works until nothing waits at this instant. */
  const settle = async () => {
    for (let round = 0; round < 2_000; round++) {
      const bells = await rooms.pending(clock);
      if (bells.length === 0) return;
      // In their order, as one after another was rung; receivers and addresses that do not know each other together.
      for (let i = 0; i < bells.length; ) {
        const { job } = bells[i]!;
        const apart = job === 'notify' || job === 'deliver';
        const group = bells.slice(i, i + (apart ? together : 1)).filter((bell) => bell.job === job);
        i += group.length;
        await Promise.all(group.map(({ id }) => rooms.work[job](id, clock)));
      }
    }
    throw new Error(`it never settles: ${JSON.stringify((await rooms.pending(clock)).slice(0, 5))}`);
  };
  const advanceTo = async (target: () => number) => {
    for (;;) {
      const due = await nextDue(database, clock);
      if (due === undefined || due > target()) break;
      clock = due;
      await settle();
    }
    clock = Math.max(clock, target());
  };
  let offset: number | undefined;
  /** What people wrote and pressed since the last time. */
  const updates = async () => {
    const answer = await rooms.telegram.call<{ update_id: number }[]>('getUpdates', {
      timeout: 0,
      allowed_updates: ['message', 'callback_query', 'my_chat_member'],
      ...(offset === undefined ? {} : { offset }),
    });
    if (!answer.ok || answer.result.length === 0) return [];
    offset = answer.result.at(-1)!.update_id + 1;
    return answer.result;
  };

  return {
    now,
    seen,
    /** Hears of everything that appears in a chat. */
    watch: (see: (one: Seen) => void) => void watchers.push(see),
    complaints,
    telegram,
    world: rooms.world as World,
    settle,
    /** Lets time pass, stopping wherever something is due; the target is asked again after every stop. */
    advanceTo,
    /** What they did before the month began is not answered. */
    forgetUpdates: updates,
    /** A person presses a button of a message, and it is worked off. */
    async press(chat: number, messageId: number, label: string): Promise<boolean> {
      // Its answer comes with the work below; whether the button is still there is known at once.
      const pressed = telegram.person(chat).press(label, { messageId, timeout: 1 });
      const found = await pressed.then(
        () => true,
        (error: Error) => !error.message.startsWith('no button'),
      );
      if (!found) return false;
      await rooms.keepUpdates(await updates(), clock);
      await settle();
      return true;
    },
    /** Lets somebody in as they are, with the rules of their team. */
    async moveIn(person: Resident): Promise<{ receiverId: string }> {
      const { world } = rooms;
      const must = async <T extends { ok: boolean }>(doing: Promise<T>) => {
        const done = await doing;
        if (!done.ok) throw new Error(JSON.stringify(done));
        return done as Extract<T, { ok: true }>;
      };
      const { chat, name, zone, quiet, style, team, onCall } = person;
      telegram.person(chat, { first_name: name }).start();
      const { token } = await must(invite(world, operator, { role: 'member' }, clock));
      const input = { telegramId: chat, name, chatId: chat, token, owners: [] };
      const { person: known } = await must(join(world, input, clock));
      const ownerId = known.id;
      await must(setZone(world, operator, { ownerId, zone }, clock));
      const hours = quiet && {
        window: { from: quiet.from, to: quiet.to },
        breakthrough: quiet.breakthrough,
      };
      await must(setQuietHours(world, operator, { ownerId, quiet: hours }, clock));
      const [receiver] = await receiversOf(database.db, [ownerId]);
      const receiverId = receiver!.id;
      await must(setStyle(world, operator, { receiverId, document: style }, clock));
      const rules = [
        { topic: `team${team}.disk`, kind: 'every', name: 'Disk nearly full', severity: 'warning' },
        { topic: `team${team}.outage`, kind: 'every', name: 'Down', severity: 'critical' },
        {
          topic: `team${team}.link`,
          kind: 'every',
          name: 'Link lost',
          severity: 'warning',
          flapping: { after: 3, within: '30m', hold: '10m' },
        },
        ...(onCall ? [{ topic: onCall, kind: 'every', name: 'Volume lost', severity: 'warning' }] : []),
      ];
      for (const document of rules)
        await must(createRule(world, operator, { ownerId, document, book: kindBook }, clock));
      return { receiverId };
    },
    /** Pushes events as a service would. */
    async post(events: object[]): Promise<void> {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      for (let i = 0; i < events.length; i += 500) {
        const body = JSON.stringify(events.slice(i, i + 500));
        const answer = await door.request('/v1/events', { method: 'POST', headers, body });
        if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
      }
    },
    async close() {
      await rooms.close();
      await telegram.stop();
    },
  };
}

function chanceOf(seed: string): () => number {
  let count = 0;
  return () => createHash('sha256').update(`${seed} ${count++}`).digest().readUInt32LE() / 2 ** 32;
}
