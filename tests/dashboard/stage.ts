// A stage for the stream: a fresh ledger, the door on a real socket, keys, and alerts that begin and change when told.
import type { Step } from '#core/alert.ts';
import { openAlert, stepAlert } from '#core/alert-life.ts';
import { openLive, type usual } from '#dashboard/live.ts';
import { streamRoutes } from '#dashboard/stream-routes.ts';
import { openKeyBook } from '#ingest/key-book.ts';
import { createKey } from '#operations/create-key.ts';
import { commit } from '#store/alerts.ts';
import { openDatabase, type Tx } from '#store/connection.ts';
import { makeDoor, openDoor } from '../../src/http.ts';
import { openMetrics } from '../../src/metrics.ts';
import { freshDatabase } from '../harness/database.ts';
import { type EventReader, readEvents } from '../harness/event-source.ts';
import { testWorld } from '../ingest/door.ts';

export const operator = { is: 'operator' as const, name: 'operator' };

export async function openStage(limits: Partial<typeof usual> = {}) {
  const fresh = await freshDatabase();
  const database = openDatabase(fresh.connection, 10);
  const counts = new Map<string, number>();
  const world = testWorld(database, [], counts);
  const clock = { now: Date.UTC(2026, 4, 4, 12) };
  const now = () => clock.now;
  const keys = openKeyBook(world);
  const live = openLive(world, now, { lookMs: 200, ...limits });
  const routes = streamRoutes({ world, live, findKey: keys.find, now });
  const door = await openDoor(
    makeDoor({
      dashboard: routes,
      health: async () => {
        throw new Error('no health here');
      },
      ready: () => true,
      metrics: openMetrics(),
      mayRead: async () => false,
      broke: () => {},
    }),
    '127.0.0.1',
    0,
  );
  const readers: EventReader[] = [];
  let alerts = 0;

  const keyFor = async (topics = ['**'], scopes = ['read']) => {
    const made = await createKey(
      world,
      operator,
      { source: `reader ${alerts++}`, scopes, topics },
      clock.now,
    );
    if (!made.ok) throw new Error(made.text);
    return made;
  };
  const key = (await keyFor()).key;

  /** A firing alert, not yet committed. */
  const fires = (given: { topic?: string; ownerId?: string; subject?: string } = {}): Step => {
    const id = `a_${++alerts}`;
    const { topic = 'disk.usage', ownerId = 'p_1', subject = `/disk${alerts}` } = given;
    const birth = { id, ruleId: 'r_1', ownerId, key: id, labels: {}, topic, subject };
    const reading = { is: 'met' as const, value: 93, limit: 90, text: '93, limit 90' };
    const seen = { reading, severity: 'warning' as const, title: 'Disk nearly full', fields: {} };
    return openAlert(birth, { ...seen, forMs: 0, keepFiringForMs: 0, seq: null }, clock.now);
  };
  const resolves = (alert: Step['alert']): Step =>
    stepAlert(alert, { is: 'resolve', by: operator }, clock.now)!;

  return {
    database,
    world,
    clock,
    live,
    key,
    keyFor,
    counts,
    fires,
    resolves,
    url: door.url,
    door,
    /** Commits the steps; `before` runs between the writing and the commit. */
    commits: (steps: Step[], before?: () => Promise<unknown>, receivers: string[] = []) =>
      database.db.transaction(async (tx: Tx) => {
        await commit(
          tx,
          steps.map((step) => ({ step, receivers })),
          clock.now,
        );
        await before?.();
      }),
    async follows(
      given: { after?: string; with?: string; query?: string; headers?: Record<string, string> } = {},
    ): Promise<EventReader> {
      const reader = await readEvents(`${door.url}/v1/stream${given.query ?? ''}`, {
        ...(given.with === '' ? {} : { authorization: `Bearer ${given.with ?? key}` }),
        ...(given.after === undefined ? {} : { 'last-event-id': given.after }),
        ...given.headers,
      });
      readers.push(reader);
      return reader;
    },
    async close() {
      for (const reader of readers) reader.close();
      await live.close();
      await door.close(1_000);
      await database.sql.end({ timeout: 1 });
      await fresh.drop();
    },
  };
}
export type Stage = Awaited<ReturnType<typeof openStage>>;
