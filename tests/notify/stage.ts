// A stage for the notify room: a real ledger, the Telegram sandbox, and a clock that only the test moves.
import type { Alert, Observation, Signal } from '../../src/core/alert.ts';
import { openAlert, stepAlert } from '../../src/core/alert-life.ts';
import type { Doorbell } from '../../src/core/doorbell.ts';
import type { Quiet } from '../../src/core/quiet.ts';
import type { Severity } from '../../src/core/severity.ts';
import { channelBook } from '../../src/notify/channel-book.ts';
import { channelsOf, type Gateways } from '../../src/notify/channels/index.ts';
import { notifyWork } from '../../src/notify/worker.ts';
import type { World } from '../../src/operations/world.ts';
import {
  type GroupOptions,
  type Limits,
  type SandboxOptions,
  startTelegramSandbox,
} from '../../src/sandbox/telegram/index.ts';
import { commit } from '../../src/store/alerts.ts';
import { openDatabase } from '../../src/store/connection.ts';
import { saveGroup } from '../../src/store/groups.ts';
import { pendingWork } from '../../src/store/pending.ts';
import { savePerson } from '../../src/store/people.ts';
import { addReceiver } from '../../src/store/receivers.ts';
import { alerts } from '../../src/store/schema/alerts.ts';
import { copies, deliveries, notifications } from '../../src/store/schema/notifications.ts';
import { createTelegram } from '../../src/telegram/client.ts';
import { border } from '../harness/border.ts';
import { freshDatabase } from '../harness/database.ts';
import { freePort } from '../harness/free-port.ts';
import { sealing } from '../harness/sealing.ts';

export const silentLog = { debug() {}, info() {}, warn() {}, error() {} };
export const morning = Date.UTC(2026, 5, 10, 8, 0, 0);

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** Everything real but the clock. */
export async function openStage(
  options: {
    limits?: Partial<Limits> | 'off';
    now?: number;
    gateways?: Gateways;
    /** How long Telegram's answer is waited for; short, for tests in which none comes. */
    patienceMs?: number;
    sandbox?: Pick<SandboxOptions, 'privateTopics' | 'lacks'>;
    /** Which calls to Telegram a rate of faults hits; from 0 up to 1. */
    random?: () => number;
  } = {},
) {
  const clock = { now: options.now ?? morning };
  const fresh = await freshDatabase();
  const database = openDatabase(fresh.connection, 6);
  const sandbox = await startTelegramSandbox({
    random: options.random ?? Math.random,
    now: () => clock.now,
    // Nobody else's while it is away.
    port: await freePort(),
    ...(options.limits ? { limits: options.limits } : {}),
    ...options.sandbox,
  });
  let counter = 0;
  const counts = new Map<string, number>();
  const bells: Doorbell[] = [];
  const world: World = {
    database,
    ring: (rung) => void bells.push(...rung),
    id: (prefix) => `${prefix}_${String(++counter).padStart(8, '0')}`,
    token: () => `t${(++counter).toString(36).padStart(21, '0')}`,
    ...sealing,
    defaultZone: 'UTC',
    log: silentLog,
    meter: {
      count(name, labels = {}, by = 1) {
        const key = [name, ...Object.values(labels)].join(' ');
        counts.set(key, (counts.get(key) ?? 0) + by);
      },
      observe() {},
    },
  };
  const telegram = createTelegram({
    token: sandbox.token,
    apiRoot: sandbox.apiRoot,
    log: silentLog,
    connectMs: options.patienceMs ?? 300,
    headersMs: options.patienceMs ?? 300,
    bodyMs: options.patienceMs ?? 300,
  });
  const channels = channelsOf({ world, telegram, ...border, ...options.gateways });
  const worker = () => notifyWork(world, channels, { clock: () => clock.now });
  const work = worker();
  const stage = {
    clock,
    database,
    db: database.db,
    sandbox,
    world,
    telegram,
    channels,
    book: channelBook(channels),
    worker,
    work,
    counts,
    /** A person with a private chat that is told. */
    async person(
      id: number,
      settings: { quiet?: Quiet; zone?: string; role?: 'member' | 'admin' | 'owner' } = {},
    ) {
      sandbox.person(id, { first_name: `P${id}` }).start();
      const personId = `p_${id}`;
      await savePerson(database.db, {
        id: personId,
        telegramId: id,
        name: `P${id}`,
        username: null,
        role: settings.role ?? 'member',
        zone: settings.zone ?? 'UTC',
        morning: 540,
        quiet: settings.quiet ?? null,
        createdAt: clock.now,
        leftAt: null,
      });
      await stage.receiver(`v_${id}`, personId, String(id));
      return { personId, receiverId: `v_${id}`, hands: sandbox.person(id) };
    },
    /** A group chat that is told. */
    async group(id: number, by: number, options: GroupOptions & { admin?: boolean } = {}) {
      const { admin = false, ...kind } = options;
      const group = sandbox.group(id, `G${id}`, kind.forum ? kind : { type: 'group', ...kind });
      const groupId = `g_${-id}`;
      group.join(sandbox.person(by));
      group.addBot(sandbox.person(by), { admin });
      await saveGroup(database.db, {
        id: groupId,
        chatId: id,
        title: `G${id}`,
        zone: 'UTC',
        morning: 540,
        quiet: null,
        createdBy: `p_${by}`,
        createdAt: clock.now,
        leftAt: null,
      });
      await stage.receiver(`v_g${-id}`, groupId, String(id));
      return { groupId, receiverId: `v_g${-id}`, group };
    },
    async receiver(id: string, ownerId: string, address: string) {
      await addReceiver(database.db, {
        id,
        ownerId,
        channel: 'telegram',
        address,
        label: id,
        createdAt: clock.now,
      });
    },
    /** An alert that fires now and tells these receivers. */
    async fire(
      subject: string,
      receivers: string[],
      given: Partial<Observation> & {
        ownerId?: string;
        ruleId?: string;
        topic?: string;
        labels?: Record<string, string>;
      } = {},
    ) {
      const { ownerId = 'p_1', ruleId = 'r_1', topic = 'disk.usage', labels = {}, ...rest } = given;
      const birth = {
        id: world.id('a'),
        ruleId,
        ownerId,
        key: subject + counter,
        labels: { subject, ...labels },
        topic,
        subject,
      };
      const step = openAlert(birth, seen({ ...rest }), clock.now);
      await database.db.transaction((tx) => commit(tx, [{ step, receivers }], clock.now));
      return step.alert;
    },
    /** The next state of an alert, told to these receivers. */
    async step(alert: Alert, signal: Signal, receivers: string[]): Promise<Alert> {
      const step = stepAlert(alert, signal, clock.now);
      if (!step) return alert;
      await database.db.transaction((tx) => commit(tx, [{ step, receivers }], clock.now));
      return step.alert;
    },
    /** Ends an alert by its values; the doorbells that this rings. */
    async ended(alert: Alert): Promise<Doorbell[]> {
      const step = stepAlert(alert, unmet(), clock.now);
      return database.db.transaction((tx) => commit(tx, step ? [{ step, receivers: [] }] : [], clock.now));
    },
    /** Does what the sweeper would, until nothing is left for now. */
    async settle(by: { notify: typeof work.notify; deliver: typeof work.deliver } = work) {
      for (let round = 0; round < 300; round++) {
        bells.length = 0;
        const waiting = (await pendingWork(database.db, clock.now)).filter(
          ({ job }) => job === 'notify' || job === 'deliver',
        );
        if (waiting.length === 0) return;
        for (const { job, id } of waiting) await by[job as 'notify' | 'deliver'](id, clock.now);
      }
      throw new Error(`never ends: ${JSON.stringify(await pendingWork(database.db, clock.now))}`);
    },
    /** Moves the clock in steps and settles after each. */
    async pass(ms: number, stepMs = 1000) {
      for (let left = ms; left > 0; left -= stepMs) {
        clock.now += Math.min(stepMs, left);
        await stage.settle();
      }
    },
    notifications: () => database.db.select().from(notifications).orderBy(notifications.id),
    deliveries: () => database.db.select().from(deliveries).orderBy(deliveries.id),
    copies: () => database.db.select().from(copies),
    alerts: () => database.db.select().from(alerts),
    sent: (chat: number) => sandbox.messages(chat).filter((message) => message.fromBot),
    async close() {
      await work.close();
      telegram.close();
      await sandbox.stop();
      await database.close();
      await fresh.drop();
    },
  };
  return stage;
}

/** What an event said: met with this value. */
export function seen(given: Partial<Observation> = {}): Observation {
  return {
    reading: { is: 'met', value: 93.5, limit: 90, text: '93.5, limit 90' },
    severity: 'warning' as Severity,
    title: 'Disk nearly full',
    fields: { host: 'cad1', usage: '93.5' },
    forMs: 0,
    keepFiringForMs: 0,
    seq: null,
    ...given,
  };
}

/** It is over. */
export const unmet = (text = '84'): Signal => ({
  is: 'unmet',
  seen: seen({ reading: { is: 'unmet', value: 84, limit: 90, text } }),
});
