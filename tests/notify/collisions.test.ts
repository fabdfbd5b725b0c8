// Transactions that collide: what was sent is written down all the same, and nothing goes twice.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addReceiver } from '../../src/operations/add-receiver.ts';
import { type Arrival, writeArrivals } from '../../src/store/arrivals.ts';
import { until } from '../harness/until.ts';
import { openStage, type Stage } from './stage.ts';
import { openSink, type Sink } from './stand-ins/sink.ts';

let stage: Stage;
let sink: Sink;
beforeEach(async () => {
  stage = await openStage({ limits: 'off' });
  sink = await openSink();
});
afterEach(async () => {
  await sink.close();
  await stage.close();
});

/** The next two transactions that end an attempt are ended by the ledger. */
async function collide(code: string) {
  const { sql } = stage.database;
  await sql`create sequence collided`;
  await sql.unsafe(`create function collide() returns trigger language plpgsql as $$ begin
    if nextval('collided') <= 2 then raise exception 'collided' using errcode = '${code}'; end if;
    return new; end $$`);
  await sql`create trigger collide before update on deliveries for each row when (old.outcome = 'sending')
    execute function collide()`;
}

it.each(['40P01', '40001'])(
  'a message that arrived is told once, although the ledger says %s',
  async (code) => {
    const { receiverId } = await stage.person(1);
    await stage.fire('/home', [receiverId]);
    await collide(code);
    await stage.settle();
    expect(stage.sent(1)).toHaveLength(1);
    expect(await stage.deliveries()).toMatchObject([{ outcome: 'sent', attempt: 1 }]);
  },
);

it.each(['40P01', '55P03'])('what failed is written down, although the ledger says %s', async (code) => {
  await stage.person(1);
  sink.answers(429);
  const actor = { is: 'person', personId: 'p_1', name: 'P1', role: 'member' } as const;
  const input = { ownerId: 'p_1', channel: 'webhook', contact: { url: `${sink.url}/hook` }, label: 'ci' };
  await collide(code);
  await addReceiver(stage.world, stage.book, actor, input, stage.clock.now);
  await stage.settle();
  expect(sink.received).toHaveLength(1);
  expect(await stage.deliveries()).toMatchObject([{ outcome: 'retry' }]);
});

it.each([
  ['over', 'worse'],
  ['worse', 'over'],
] as const)(
  'what is known of alerts is held in one order when “%s” and “%s” arrive together',
  async (...kinds) => {
    const { clock, database } = stage;
    const { sql } = database;
    const { receiverId } = await stage.person(1);
    const at = new Date(clock.now).toISOString();
    const arrivals: Arrival[] = [];
    for (const [i, kind] of kinds.entries()) {
      const alert = await stage.fire(`/${i}`, [receiverId]);
      await sql`insert into copies (alert_id, receiver_id, channel, address, message_id, shown_rev, wanted_rev, edit_after, heard_at)
      values (${alert.id}, ${receiverId}, 'telegram', '1', ${`m${i}`}, 1, 1, ${at}, ${at})`;
      const [row] = await sql<{ id: number }[]>`
      insert into deliveries (notification_id, attempt, channel, address, outcome, marked, started_at)
      values (${i + 1}, 1, 'telegram', '1', 'sending', false, ${at}) returning id::int`;
      const shown = kind === 'over' ? ({ ...alert, status: 'resolved' } as const) : alert;
      const place = { channel: 'telegram', address: '1', messageId: `n${i}`, receiverId };
      const result = { detail: null, exchange: null, at: clock.now, shown };
      arrivals.push({ id: row!.id, notificationId: i + 1, kind, ...place, ...result });
    }
    const [first, second] = arrivals.map(({ shown }) => shown!.id);
    expect(first! < second!).toBe(true);
    const done = await sql.begin(async (tx) => {
      await tx`select 1 from copies where alert_id = ${first!} for update`;
      const writing = writeArrivals(database.db, arrivals, 'long', clock.now);
      await until('the writing waits', async () => {
        const [row] = await sql`
        select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return row;
      });
      // Whoever holds the first, and wants the second, does not wait in a circle.
      await tx`select 1 from copies where alert_id = ${second!} for update nowait`;
      return { writing };
    });
    expect(await done.writing).toMatchObject(
      kinds.map((kind, i) => ({ ours: true, left: false, before: kind === 'over' ? null : `m${i}` })),
    );
    const copies = (await stage.copies()).sort((a, b) => (a.alertId < b.alertId ? -1 : 1));
    expect(copies).toMatchObject(
      kinds.map((kind, i) =>
        kind === 'over' ? { overAt: clock.now } : { messageId: `n${i}`, overAt: null },
      ),
    );
  },
);
