// Transactions that collide: what was sent is written down all the same, and nothing goes twice.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addReceiver } from '../../src/operations/add-receiver.ts';
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
