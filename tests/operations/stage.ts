// A small cast for the tests of operations: people of every standing, a group, a rule and an alert of each owner.
import { randomUUID } from 'node:crypto';
import type { Actor, Role } from '#core/actor.ts';
import type { Alert } from '#core/alert.ts';
import { openAlert } from '#core/alert-life.ts';
import type { Doorbell } from '#core/doorbell.ts';
import type { Rule } from '#core/rule.ts';
import { kindBook } from '#evaluate/kind-book.ts';
import { createRule } from '#operations/create-rule.ts';
import type { World } from '#operations/world.ts';
import type { Connection } from '#sandbox/postgres/index.ts';
import { commit } from '#store/alerts.ts';
import { openDatabase } from '#store/connection.ts';
import { saveGroup } from '#store/groups.ts';
import { type Person, savePerson } from '#store/people.ts';
import { addReceiver } from '#store/receivers.ts';
import { freshDatabase } from '../harness/database.ts';
import { sealing } from '../harness/sealing.ts';

/** Monday 2 June 2025, 12:00 UTC. */
export const noon = Date.UTC(2025, 5, 2, 12);

export interface Stage {
  world: World;
  rung: Doorbell[];
  /** For another process on the same ledger. */
  connection: Connection;
  end(): Promise<void>;
}

/** A world on a database of its own; `rung` collects the doorbells. */
export async function openStage(): Promise<Stage> {
  const fresh = await freshDatabase();
  const database = openDatabase(fresh.connection, 10);
  const rung: Doorbell[] = [];
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const world: World = {
    database,
    ring: (bells) => void rung.push(...bells),
    id: (prefix) => `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 20)}`,
    token: () => Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url'),
    ...sealing,
    defaultZone: 'Europe/Berlin',
    log: quiet,
    meter: { count() {}, observe() {} },
  };
  const end = async () => {
    await database.close();
    await fresh.drop();
  };
  return { world, rung, connection: fresh.connection, end };
}

let nextNumber = 1000;
/** A Telegram id that nobody has yet. */
export const newNumber = () => nextNumber++;

/** Adds a person with a private chat. */
export async function addPerson(
  world: World,
  name: string,
  role: Role = 'member',
  leftAt: number | null = null,
) {
  const telegramId = newNumber();
  const person = await savePerson(world.database.db, {
    id: world.id('p'),
    telegramId,
    name,
    username: null,
    role,
    zone: 'Europe/Berlin',
    morning: 540,
    quiet: null,
    createdAt: noon,
    leftAt,
  });
  const receiver = await addReceiver(world.database.db, {
    id: world.id('v'),
    ownerId: person.id,
    channel: 'telegram',
    address: String(telegramId),
    label: 'Telegram',
    createdAt: noon,
  });
  return { person, receiver };
}

export const asActor = ({ id, name, role }: Person): Actor & { is: 'person' } => ({
  is: 'person',
  personId: id,
  name,
  role,
});

export const operator: Actor = { is: 'operator', name: 'operator' };

/** Adds a group chat. */
export async function addGroup(world: World, title: string) {
  const chatId = -newNumber();
  const group = await saveGroup(world.database.db, {
    id: world.id('g'),
    chatId,
    title,
    zone: 'Europe/Berlin',
    morning: 540,
    quiet: null,
    createdBy: 'operator',
    createdAt: noon,
    leftAt: null,
  });
  const receiver = await addReceiver(world.database.db, {
    id: world.id('v'),
    ownerId: group.id,
    channel: 'telegram',
    address: String(chatId),
    label: title,
    createdAt: noon,
  });
  return { group, receiver };
}

/** Makes a rule about full disks. */
export async function addRule(world: World, ownerId: string, given: object = {}): Promise<Rule> {
  const params = { field: 'usage', op: '>', limit: 90 };
  const document = { topic: 'disk.usage', kind: 'threshold', params, ...given };
  const made = await createRule(world, operator, { ownerId, document, book: kindBook }, noon);
  if (!made.ok) throw new Error(made.text);
  return made.rule;
}

/** Lets an alert of the rule fire, as an evaluation would. */
export async function addAlert(world: World, rule: Rule, now = noon): Promise<Alert> {
  const step = openAlert(
    {
      id: world.id('a'),
      ruleId: rule.id,
      ownerId: rule.ownerId,
      key: world.id('k'),
      labels: { subject: '/home' },
      topic: 'disk.usage',
      subject: '/home',
    },
    {
      reading: { is: 'met', value: 93.5, limit: 90, text: '93.5, limit 90' },
      severity: 'warning',
      title: rule.name,
      fields: { usage: '93.5' },
      forMs: 0,
      keepFiringForMs: 0,
      seq: null,
    },
    now,
  );
  await world.database.db.transaction((tx) => commit(tx, [{ step, receivers: rule.to }], now));
  return step.alert;
}
