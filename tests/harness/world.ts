// The whole application in one process, without a queue and with a clock that only moves when told: for stories.
import { createHash } from 'node:crypto';
import type { Hono } from 'hono';
import type { Doorbell } from '#core/doorbell.ts';
import { parseDuration } from '#core/duration.ts';
import type { Log } from '#core/log.ts';
import type { Rule } from '#core/rule.ts';
import { createRule } from '#operations/create-rule.ts';
import { invite } from '#operations/invite.ts';
import { join } from '#operations/join.ts';
import { setZone } from '#operations/set-zone.ts';
import {
  type Limits,
  type SandboxGroup,
  type SandboxOptions,
  startTelegramSandbox,
  type TelegramSandbox,
} from '#sandbox/telegram/index.ts';
import { openDatabase } from '#store/connection.ts';
import { examine, type Finding } from '#store/doctor.ts';
import { findPersonByTelegram } from '#store/people.ts';
import { openRooms, type Rooms } from '../../src/app/rooms.ts';
import { kindBook } from '../../src/evaluate/kind-book.ts';
import { makeDoor } from '../../src/http.ts';
import { ensureBootstrapKey } from '../../src/ingest/bootstrap-key.ts';
import { type Metrics, openMetrics } from '../../src/metrics.ts';
import type { Gateways } from '../../src/notify/channels/index.ts';
import { pushPages } from '../../src/notify/push-pages.ts';
import { templateBook } from '../../src/notify/templates/book.ts';
import { cast, type Person } from './actors.ts';
import { border } from './border.ts';
import { freshDatabase } from './database.ts';
import { nextDue } from './due.ts';
import { freePort } from './free-port.ts';
import { sealing } from './sealing.ts';

export interface WorldOptions {
  /** When the story begins; Monday 4 May 2026, 10:00 UTC. */
  now?: number;
  /** The zone of people who have not said theirs; Europe/Berlin. */
  zone?: string;
  /** Telegram's flood limits; the real ones. */
  limits?: Partial<Limits> | 'off';
  /** What people can be reached by, besides Telegram. */
  gateways?: Gateways;
  /** What this Telegram has, and is too old for. */
  telegram?: Pick<SandboxOptions, 'privateTopics' | 'lacks'>;
  /** So much work is done side by side; one thing after the other, so that stories go the same way each time. */
  hands?: number;
  /** How long the answer that a rule is saved waits for what it would have told, in real milliseconds; 20 000. */
  countMs?: number;
}

export interface StoryWorld {
  now(): number;
  telegram: TelegramSandbox;
  readonly rooms: Rooms;
  readonly app: Hono;
  metrics: Metrics;
  /** Ana owns the installation; Ben and Charlie are strangers until somebody invites or enrols them. */
  ana: Person;
  ben: Person;
  charlie: Person;
  /** A group with the three in it, and without the bot. */
  team: SandboxGroup;
  key: string;
  /** Lets somebody in without the talk, in this zone. Resolves with their person id. */
  enrols(person: Person, zone?: string): Promise<string>;
  /** Makes a rule for a person without the talk. */
  makesRule(person: Person, document: Record<string, unknown>): Promise<Rule>;
  /** POSTs one event or several and settles; throws unless they were accepted. */
  post(events: object | object[]): Promise<{ accepted: number; duplicates: number }>;
  /** POSTs as another system would, and settles. */
  pushes(format: string, body: unknown): Promise<Response>;
  /** Works until nothing waits. The clock moves only while Telegram's pace holds a message back, and at most 30 s. */
  settle(): Promise<void>;
  /** Lets time pass (`8h`, milliseconds), stopping at every instant at which something is due. */
  advance(span: number | string): Promise<void>;
  /** Lets time pass until this instant. */
  advanceTo(instant: number): Promise<void>;
  /** Somebody sets the clock; nothing works meanwhile. */
  setsClock(by: number): void;
  /** What the doctor finds wrong now, notes left out. */
  wrongs(): Promise<Finding[]>;
  /** What was logged as a warning or an error. */
  complaints: string[];
  /** The process ends in the middle of whatever it did, and another begins on the same ledger. */
  restarts(): Promise<void>;
  stop(): Promise<void>;
}

const key = 'tk_story_key_0123456789abcdef';

/** Opens a world of its own: a fresh database and an emulated Telegram on the same clock. */
export async function startWorld(options: WorldOptions = {}): Promise<StoryWorld> {
  let clock = options.now ?? Date.UTC(2026, 4, 4, 10, 0);
  const now = () => clock;
  const fresh = await freshDatabase();
  const database = openDatabase(fresh.connection, 8);
  const telegram = await startTelegramSandbox({
    now,
    random: chanceOf('faults'),
    limits: options.limits ?? {},
    // Nobody else's while it is away.
    port: await freePort(),
    ...options.telegram,
  });
  const complaints: string[] = [];
  const complain = (fields: object, text: string) =>
    void complaints.push(
      `${text} ${JSON.stringify({ ...fields, err: String((fields as { err?: unknown }).err ?? '') })}`,
    );
  const log: Log = { debug() {}, info() {}, warn: complain, error: complain };
  const metrics = openMetrics();
  const rung: Doorbell[] = [];
  let bytes = 0;
  const open = () =>
    openRooms({
      database,
      ring: (bells) => void rung.push(...bells),
      now,
      chance: (count) => createHash('sha512').update(`chance ${bytes++}`).digest().subarray(0, count),
      log,
      meter: metrics,
      // Stories are about what is said, however slow the machine is.
      countMs: options.countMs ?? 20_000,
      defaultZone: options.zone ?? 'Europe/Berlin',
      telegram,
      owners: [7001],
      ...border,
      ...(options.gateways ? { gateways: options.gateways } : {}),
      keyring: sealing.keyring,
      pause: async (ms) => {
        clock += ms;
      },
    });
  const health = async () => {
    throw new Error('a story has no health');
  };
  const doorOf = ({ ingest, dashboard, world, channels }: Rooms) =>
    makeDoor({
      ingest,
      dashboard,
      push: pushPages(world, channels, now),
      health,
      ready: () => true,
      metrics,
      mayRead: async () => true,
      sandbox: telegram.page,
      broke: (error) => complain({ err: error }, 'a request broke something'),
    });
  let rooms = open();
  let app = doorOf(rooms);
  await ensureBootstrapKey(rooms.world, key, now());

  let offset: number | undefined;
  const listen = async (): Promise<boolean> => {
    const answer = await rooms.telegram.call<{ update_id: number }[]>('getUpdates', {
      timeout: 0,
      allowed_updates: ['message', 'callback_query', 'my_chat_member'],
      ...(offset === undefined ? {} : { offset }),
    });
    if (!answer.ok || answer.result.length === 0) return false;
    await rooms.keepUpdates(answer.result, clock);
    offset = answer.result.at(-1)!.update_id + 1;
    return true;
  };
  const workAll = async (bells: Doorbell[]) => {
    const left = [...bells];
    const work = async () => {
      for (let bell = left.shift(); bell; bell = left.shift()) await rooms.work[bell.job](bell.id, clock);
    };
    await Promise.all(Array.from({ length: options.hands ?? 1 }, work));
    await rooms.atRest();
  };
  const settleWithin = async (limit: number) => {
    for (let round = 0; ; round++) {
      const heard = await listen();
      const bells = await rooms.pending(clock);
      rung.length = 0;
      if (round > 500)
        throw new Error(`it never settles; still waiting: ${JSON.stringify(bells.slice(0, 10))}`);
      await workAll(bells);
      if (heard || bells.length > 0) continue;
      // Only what waits for Telegram's pace: moving on for that keeps stories free of seconds.
      const soon = (await rooms.pending(Math.min(clock + 5_000, limit))).filter(
        ({ job }) => job === 'deliver',
      );
      const due = soon.length > 0 ? await nextDue(database, clock) : undefined;
      if (due === undefined || due > limit || due > clock + 5_000) return;
      clock = due;
    }
  };
  const settle = () => settleWithin(clock + 30_000);
  const advanceTo = async (target: number) => {
    await settleWithin(Math.min(clock + 30_000, target));
    for (;;) {
      const due = await nextDue(database, clock);
      if (due === undefined || due > target) break;
      clock = due;
      await settleWithin(Math.min(clock + 30_000, target));
    }
    clock = Math.max(clock, target);
    await settleWithin(clock);
  };

  const { person, group, readAll } = cast(telegram, settle);
  const [ana, ben, charlie] = [person(7001, 'Ana'), person(7002, 'Ben'), person(7003, 'Charlie')];
  const team = group(-7100, 'Team');
  for (const one of [ana, ben, charlie]) team.join(telegram.person(one.id));
  await settle();

  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const send = async (path: string, body: unknown) => {
    const answer = await app.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
    await settle();
    return answer;
  };
  const operator = { is: 'operator', name: 'the story' } as const;

  return {
    now,
    telegram,
    get rooms() {
      return rooms;
    },
    get app() {
      return app;
    },
    metrics,
    ana,
    ben,
    charlie,
    team,
    key,
    complaints,
    settle,
    advanceTo,
    advance(span) {
      const ms = typeof span === 'number' ? span : parseDuration(span);
      if (ms === undefined) throw new Error(`${span} is no duration`);
      return advanceTo(clock + ms);
    },
    setsClock(by) {
      clock += by;
    },
    async enrols({ id, name }, zone) {
      // Telegram lets a bot write only to those who wrote to it first; the talk that follows is swept away.
      const invited = await invite(rooms.world, operator, { role: 'member' }, clock);
      const token = invited.ok ? invited.token : undefined;
      const joined = await join(
        rooms.world,
        { telegramId: id, name, chatId: id, token, owners: [7001] },
        clock,
      );
      if (!joined.ok) throw new Error(joined.text);
      const personId = joined.person.id;
      await setZone(
        rooms.world,
        operator,
        { ownerId: personId, zone: zone ?? options.zone ?? 'Europe/Berlin' },
        clock,
      );
      telegram.person(id).say('hello');
      await settle();
      readAll();
      return personId;
    },
    async makesRule({ id, name }, document) {
      const owner = await findPersonByTelegram(database.db, id);
      if (!owner) throw new Error(`${name} is a stranger; enrol them first`);
      const made = await createRule(
        rooms.world,
        operator,
        { ownerId: owner.id, document, book: { ...kindBook, checkTemplate: templateBook.check } },
        clock,
      );
      if (!made.ok) throw new Error(`${made.text} ${JSON.stringify(made.faults ?? [])}`);
      return made.rule;
    },
    async post(events) {
      const answer = await send('/v1/events', events);
      const body = await answer.text();
      if (answer.status !== 202) throw new Error(`the events were not accepted (${answer.status}): ${body}`);
      return JSON.parse(body);
    },
    pushes: (format, body) => send(`/v1/in/${format}`, body),
    wrongs: async () => (await examine(database, clock)).filter(({ weight }) => weight === 'wrong'),
    async restarts() {
      await rooms.close();
      rooms = open();
      app = doorOf(rooms);
      await settle();
    },
    async stop() {
      await rooms.close();
      await telegram.stop();
      await database.close();
      await fresh.drop();
    },
  };
}

function chanceOf(seed: string): () => number {
  let count = 0;
  return () => createHash('sha256').update(`${seed} ${count++}`).digest().readUInt32LE() / 2 ** 32;
}
