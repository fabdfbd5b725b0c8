// What an event costs does not grow with what the ledger holds, although statements were planned when it held nothing.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lockDueBroadcast } from '#store/broadcasts.ts';
import { readCatchUp } from '#store/catch-up.ts';
import type { Database } from '#store/connection.ts';
import { deliveryLog } from '#store/delivery-log.ts';
import { examine } from '#store/doctor.ts';
import { wordsPending } from '#store/erasing.ts';
import { alertsAtMessage, heldBack } from '#store/past-alerts.ts';
import { byKeys, countAnew, filling, widely } from '#store/planning.ts';
import { type StoryWorld, startWorld } from '../harness/world.ts';

let world: StoryWorld;
let database: Database;
beforeAll(async () => {
  world = await startWorld({ limits: 'off' });
  database = world.rooms.world.database;
  // Only we count and clear: the server's own rounds look at rows, too, and what they make of a table is looked at by name.
  const tables = await database.sql<{ name: string }[]>`
    select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`;
  for (const { name } of tables)
    await database.sql`alter table ${database.sql(name)} set (autovacuum_enabled = false)`;
});
afterAll(() => world.stop());

const rows = 4_000;
/** What makes a copy of a row one of its own. */
const copied: Record<string, Record<string, string>> = {
  receivers: { id: `'v_' || i`, owner_id: `'p_' || i`, address: `'-' || i` },
  events: { seq: 'i + 100000', event_id: `'e_' || i` },
  rule_states: { key: `'k_' || i` },
  alerts: { id: `'a_' || i`, key: `'k_' || i` },
  transitions: { id: 'i + 100000', alert_id: `'a_' || i` },
  notifications: { id: 'i + 100000', alert_id: `'a_' || i`, receiver_id: `'v_' || i` },
  deliveries: { id: 'i + 100000', notification_id: 'i + 100000', address: `'-' || i` },
  copies: { alert_id: `'a_' || i`, receiver_id: `'v_' || i`, address: `'-' || i`, message_id: `i::text` },
  budgets: { address: `'-' || i` },
  buttons: { id: `'b_' || i`, alert_id: `'a_' || i`, chat_id: `-i` },
};

async function fill() {
  for (const [table, own] of Object.entries(copied)) {
    const changes = Object.entries(own).map(([name, value]) => `'${name}', ${value}`);
    await database.sql.unsafe(`insert into ${table}
      select (jsonb_populate_record(one, jsonb_build_object(${changes}))).*
      from (select t as one from ${table} t limit 1) first, generate_series(1, ${rows}) i`);
  }
}

/** Rows and entries of indexes that were looked at so far, in all tables. */
async function looked(): Promise<Record<string, number>> {
  // Each connection tells what it has done when it is asked to.
  const tell = `select pg_stat_force_next_flush(), pg_sleep(0.1)`;
  const both = [database.sql, (database.soft as unknown as { $client: Database['sql'] }).$client];
  await Promise.all(both.flatMap((pool) => Array.from({ length: 4 }, () => pool.unsafe(tell))));
  const found = await database.sql<{ name: string; n: number }[]>`
    select relname as name, (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) + coalesce((
      select sum(idx_tup_read) from pg_stat_user_indexes i where i.relid = t.relid), 0))::int as n
    from pg_stat_user_tables t`;
  return Object.fromEntries(found.map(({ name, n }) => [name, n]));
}

interface Node {
  'Node Type': string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Relation Name'?: string;
  Plans?: Node[];
}
const nodes = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodes)];

/** Which statements that came again would read all of an index, or of a table that a storm fills, however large it is then. */
async function readWhole(): Promise<string[]> {
  const kept = `select statement from pg_prepared_statements, pg_sleep(0.1)`;
  const both = [database.sql, (database.soft as unknown as { $client: Database['sql'] }).$client];
  const lists = await Promise.all(
    both.flatMap((pool) => Array.from({ length: 4 }, () => pool.unsafe<{ statement: string }[]>(kept))),
  );
  const indexes = await database.sql<{ name: string; of: string; key: string }[]>`
    select c.relname as name, t.relname as of, pg_get_indexdef(i.indexrelid, 1, true) as key
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid`;
  const index = new Map(indexes.map((one) => [one.name, one]));
  const found: string[] = [];
  const statements = new Set(lists.flat().map(({ statement }) => statement));
  expect(statements.size).toBeGreaterThan(10);
  for (const statement of statements) {
    // What waits anywhere is what the sweeper asks, and nobody for one event.
    if (
      !/^\s*(with|select|insert|update|delete)/i.test(statement) ||
      /generate_series|order by d.id limit 1$/.test(statement)
    )
      continue;
    const [plan] = await database.sql.unsafe<{ 'QUERY PLAN': [{ Plan: Node }] }[]>(
      `explain (generic_plan, format json) ${statement}`,
    );
    for (const node of nodes(plan!['QUERY PLAN'][0].Plan)) {
      const by = index.get(node['Index Name'] ?? '');
      const table = by?.of ?? node['Relation Name'] ?? '';
      if (
        node['Node Type'].endsWith('Scan') &&
        node['Node Type'] !== 'Bitmap Heap Scan' &&
        filling.includes(table) &&
        !(by && new RegExp(`\\b${by.key}\\)?(::text)? [<=>]`).test(node['Index Cond'] ?? ''))
      )
        found.push(`${node['Index Name'] ?? table} in ${statement.trim().replace(/\s+/g, ' ').slice(0, 80)}`);
    }
  }
  return found;
}

/** Which of the tables that were filled the server believes to be small. */
async function uncounted(): Promise<string[]> {
  const found = await database.sql<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and reltuples < ${rows}`;
  const small = new Set(found.map(({ name }) => name));
  return filling.filter((name) => name in copied && small.has(name));
}

let number = 0;
/** One more disk is full, and whoever wants to know is told; the story's own look for what is due next is left out. */
async function oneMore() {
  world.setsClock(60_000);
  const event = { source: 'web', type: 'disk.used', subject: `/disk${++number}`, data: { value: 95 } };
  const headers = { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' };
  const answer = await world.app.request('/v1/events', {
    method: 'POST',
    headers,
    body: JSON.stringify(event),
  });
  expect(answer.status).toBe(202);
  const { rooms } = world;
  for (
    let bells = await rooms.pending(world.now());
    bells.length > 0;
    bells = await rooms.pending(world.now())
  )
    for (const { job, id } of bells) await rooms.work[job](id, world.now());
}

it('with 4,000 of everything an event looks at no more than with a dozen', async () => {
  await world.enrols(world.ana);
  await world.makesRule(world.ana, {
    name: 'Disks',
    topic: 'disk.used',
    kind: 'threshold',
    params: { field: 'value', op: '>', limit: 90 },
    key: ['subject'],
  });
  // Often enough for statements to be kept, and their plans too.
  for (let i = 0; i < 12; i++) await oneMore();
  await database.sql`analyze`;
  await fill();
  await looked();
  expect((await countAnew(database.db)).length).toBeGreaterThan(5);
  expect(await uncounted()).toEqual([]);
  expect(await countAnew(database.db)).toEqual([]);

  const before = await looked();
  const events = 10;
  for (let i = 0; i < events; i++) await oneMore();
  const after = await looked();
  const told = world.telegram.messages(world.ana.id).filter((one) => JSON.stringify(one).includes('/disk'));
  expect(told).toHaveLength(12 + events);
  const each = Object.entries(after)
    .map(([name, n]) => [name, (n - (before[name] ?? 0)) / events] as const)
    .filter(([, n]) => n > 200);
  expect(await readWhole()).toEqual([]);
  expect(each).toEqual([]);
  // The server's own rounds also clear tables, one after another, after which it likes to read what an index holds already.
  for (const name of filling) {
    await database.sql`vacuum (analyze) ${database.sql(name)}`;
    expect(await readWhole(), name).toEqual([]);
  }
  expect(await world.wrongs()).not.toContainEqual(expect.objectContaining({ check: 'events-processed' }));
}, 60_000);

it('what one receiver was told, and what is over, costs no question that asks for a part of it', async () => {
  const { db, sql } = database;
  const [last] = await sql<
    { id: string; channel: string; address: string; message: string; alert: string }[]
  >`
    select n.receiver_id as id, d.channel, d.address, d.message_id as message, n.alert_id as alert
    from notifications n join deliveries d on d.notification_id = n.id join receivers r on r.id = n.receiver_id
    where n.alert_id is not null and r.address = d.address order by d.id limit 1`;
  const { id, channel, address, message, alert } = last!;
  const many = `generate_series(1, ${rows}) i`;
  await sql.unsafe(`insert into notifications (id, kind, receiver_id, alert_id, alert_rev, severity, status, created_at)
    select 200000 + i, 'firing', '${id}', 'w_' || i, 1, 'warning', 'sent', now() from ${many}`);
  await sql.unsafe(`insert into deliveries (notification_id, attempt, channel, address, outcome, marked, message_id, started_at)
    select 200000 + i, 1, '${channel}', '${address}', 'sent', false, 'm' || i, now() from ${many}`);
  await sql.unsafe(`insert into copies (alert_id, receiver_id, channel, address, message_id, shown_rev, wanted_rev, edit_after, heard_at)
    select 'w_' || i, '${id}', '${channel}', '${address}', 'm' || i, 1, 1, now(), now() from ${many}`);
  await sql.unsafe(`insert into broadcasts (id, body, severity, audience, status, next, next_at, ends_at, by, by_ref, created_at)
    select 'x_' || i, '', 'info', '{}', 'done', '{}', now(), now(), '', '', now() from ${many}`);
  // The message went out again since: it is not the one that stands there now.
  await sql`update copies set message_id = 'newer' where alert_id = ${alert}`;
  const before = await looked();
  expect(await heldBack(db, [id])).toEqual([]);
  expect(await wordsPending(db, [id])).toBe(false);
  expect(await db.transaction((tx) => lockDueBroadcast(tx, world.now()))).toBeUndefined();
  expect(await alertsAtMessage(db, { channel, address, messageId: message }, 9)).toEqual([alert]);
  expect(await alertsAtMessage(db, { channel, address, messageId: 'no message of ours' }, 9)).toEqual([]);
  const after = await looked();
  const each = Object.entries(after).map(([name, n]) => [name, n - (before[name] ?? 0)] as const);
  expect(each.filter(([name, n]) => n > 100 && !name.startsWith('pg_'))).toEqual([]);
}, 60_000);

it('all that a receiver was ever told is found by the receiver', async () => {
  const { db, sql } = database;
  const asked = async () => {
    await looked();
    const [row] = await sql<{ n: number }[]>`
      select idx_scan::int as n from pg_stat_user_indexes where indexrelname = 'notifications_receiver'`;
    return row!.n;
  };
  const now = world.now();
  const before = await asked();
  await readCatchUp(db, { ownerId: 'p_1', staff: false, since: now - 86_400_000, until: now });
  const between = await asked();
  expect(between).toBeGreaterThan(before);
  await deliveryLog(db, { receiverId: 'v_1', limit: 20 });
  expect(await asked()).toBeGreaterThan(between);
});

it('a question that looks through whole tables is planned freely, and only it', async () => {
  const settings = () => database.sql.unsafe('show enable_hashjoin');
  const freely = await widely(database.sql, (tx) => tx.unsafe('show enable_hashjoin'));
  expect([freely[0], (await settings())[0]]).toEqual([{ enable_hashjoin: 'on' }, { enable_hashjoin: 'off' }]);
  const { plan_cache_mode: plans, ...ways } = byKeys;
  expect([plans, new Set(Object.values(ways))]).toEqual(['force_generic_plan', new Set(['off'])]);
  expect(await examine(database, world.now())).toBeInstanceOf(Array);
});
