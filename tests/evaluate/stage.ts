// A stage for the evaluate room: a fresh ledger, a world that counts, and ways to push events and read what became of them.
import { asc, eq } from 'drizzle-orm';
import type { Doorbell } from '#core/doorbell.ts';
import { type Event, lanes, type NewEvent } from '#core/event.ts';
import { defaultKey, plainFingerprint, type Rule } from '#core/rule.ts';
import type { World } from '#operations/world.ts';
import { openDatabase } from '#store/connection.ts';
import { saveRule } from '#store/rules.ts';
import { alerts, transitions } from '#store/schema/alerts.ts';
import { events } from '#store/schema/events.ts';
import { freshDatabase } from '../harness/database.ts';
import { sealing } from '../harness/sealing.ts';

export interface Stage {
  world: World;
  /** Another world on the same ledger: a second process, with so many connections. */
  second(most?: number): World;
  rung: Doorbell[];
  logged: string[];
  rule(given?: Partial<Rule>): Promise<Rule>;
  /** Inserts events as the ledger keeps them; `at` is when each was received. */
  push(...given: (Partial<NewEvent> & { at: number; body?: string })[]): Promise<number[]>;
  /** Drains every lane, one after another. */
  drainAll(work: { evaluate(id: string, now: number): Promise<void> }, now: number): Promise<void>;
  /** Each alert's life as `key: change@at …`, in order of birth. */
  lives(): Promise<string[]>;
  close(): Promise<void>;
}

let ruleCount = 0;

export function ruleWith(given: Partial<Rule> = {}): Rule {
  return {
    id: `r_${++ruleCount}`,
    ownerId: 'p_ana',
    name: 'Disk nearly full',
    topic: 'disk.usage',
    match: [],
    kind: 'threshold',
    params: { field: 'usage', op: '>', limit: 90 },
    key: defaultKey,
    forMs: 0,
    keepFiringForMs: 0,
    severity: null,
    paused: false,
    to: ['v_ana'],
    version: 1,
    ...given,
  };
}

export function eventWith(given: Partial<Event> = {}): Event {
  const event = {
    id: 'e',
    source: 'cad',
    type: 'disk.usage',
    subject: '/home',
    data: {},
    labels: {},
    ...given,
  };
  return { seq: 1, receivedAt: 1000, fingerprint: plainFingerprint(event), ...event };
}

export async function openStage(): Promise<Stage> {
  const fresh = await freshDatabase();
  const rung: Doorbell[] = [];
  const logged: string[] = [];
  const opened: ReturnType<typeof openDatabase>[] = [];
  let ids = 0;
  let tokens = 0;
  const makeWorld = (most = 6): World => {
    const database = openDatabase(fresh.connection, most);
    opened.push(database);
    const keep = (fields: object, text: string) => void logged.push(`${text} ${JSON.stringify(fields)}`);
    return {
      database,
      ring: (bells) => void rung.push(...bells),
      id: (prefix) => `${prefix}_${String(++ids).padStart(8, '0')}`,
      token: () => String.fromCharCode(65 + (tokens++ % 26)),
      ...sealing,
      defaultZone: 'UTC',
      log: { debug: () => {}, info: () => {}, warn: keep, error: keep },
      meter: { count: () => {}, observe: () => {} },
    };
  };
  const world = makeWorld();
  const { db } = world.database;
  let pushed = 0;
  return {
    world,
    second: makeWorld,
    rung,
    logged,
    async rule(given = {}) {
      const { version: _, ...rule } = ruleWith(given);
      return db.transaction((tx) => saveRule(tx, rule, 'operator', 0));
    },
    async push(...given) {
      const rows = given.map(({ at, body, ...partial }) => {
        const event = eventWith({ ...partial, receivedAt: at });
        pushed++;
        return {
          sourceId: 's_test',
          eventId: `e${pushed}`,
          bodyHash: '',
          lane: laneOf(event.fingerprint),
          fingerprint: event.fingerprint,
          source: event.source,
          type: event.type,
          subject: event.subject,
          time: event.time ?? null,
          severity: event.severity ?? null,
          status: event.status ?? null,
          body: body ?? JSON.stringify({ data: event.data, labels: event.labels }),
          raw: null,
          receivedAt: at,
        };
      });
      const seqs: number[] = [];
      for (let i = 0; i < rows.length; i += 1000) {
        const added = await db
          .insert(events)
          .values(rows.slice(i, i + 1000))
          .returning({ seq: events.seq });
        seqs.push(...added.map(({ seq }) => seq));
      }
      return seqs;
    },
    async drainAll(work, now) {
      for (let lane = 0; lane < lanes; lane++) await work.evaluate(String(lane), now);
    },
    async lives() {
      const rows = await db
        .select({
          id: alerts.id,
          key: alerts.key,
          change: transitions.change,
          at: transitions.at,
          since: alerts.since,
        })
        .from(transitions)
        .innerJoin(alerts, eq(alerts.id, transitions.alertId))
        .orderBy(asc(alerts.since), asc(alerts.key), asc(alerts.id), asc(transitions.rev));
      const lives = new Map<string, string>();
      for (const row of rows)
        lives.set(row.id, `${lives.get(row.id) ?? `${row.key}:`} ${row.change}@${row.at}`);
      return [...lives.values()];
    },
    async close() {
      for (const database of opened) await database.close();
      await fresh.drop();
    },
  };
}

export function laneOf(fingerprint: string): number {
  let hash = 0;
  for (const letter of fingerprint) hash = (Math.imul(hash, 31) + letter.codePointAt(0)!) | 0;
  return Math.abs(hash) % lanes;
}
