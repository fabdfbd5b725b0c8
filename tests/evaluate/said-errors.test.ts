// What an event holds never reaches the log or the ledger's reasons by way of a failed query.
import { DrizzleQueryError, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { evaluateWork } from '../../src/evaluate/worker.ts';
import { events } from '../../src/store/schema/events.ts';
import { openStage, type Stage } from './stage.ts';

const canary = 'canary-in-an-event';
let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const burning = { at: 1000, subject: canary, data: { usage: 93 } };

async function evaluate(): Promise<string> {
  const work = evaluateWork(stage.world);
  await stage.push(burning);
  await stage.drainAll(work, 2000);
  await work.close();
  return stage.logged.join('\n');
}

it('a batch that fails, and the event that is put aside for it', async () => {
  await stage.rule();
  const { db } = stage.world.database;
  await db.execute(
    sql.raw(`create function refuse() returns trigger language plpgsql as $$ begin
    raise exception 'refused here' using errcode = '22000'; end $$;
    create trigger refuse before insert on alerts for each row execute function refuse()`),
  );
  const logged = await evaluate();
  expect(logged).toContain('a batch of events failed {"lane"');
  expect(logged).toContain('22000: refused here');
  expect(logged).not.toContain(canary);
  expect(logged).not.toContain('insert into');
  const [row] = await db.select({ quarantined: events.quarantined }).from(events);
  expect(row!.quarantined).toBe('PostgresError 22000: refused here');
});

it('a rule that fails on an event', async () => {
  await stage.rule();
  const cause = Object.assign(new Error('no'), { code: '22P02' });
  const { id } = stage.world;
  stage.world.id = (prefix) => {
    if (prefix === 'a') throw new DrizzleQueryError('select $1', [canary], cause);
    return id(prefix);
  };
  const logged = await evaluate();
  expect(logged).toContain('a rule failed on an event');
  expect(logged).toContain('Error 22P02: no');
  expect(logged).not.toContain(canary);
});

it('a catalogue that cannot be written', async () => {
  await stage.world.database.sql`alter table topics rename to topics_away`;
  const logged = await evaluate();
  expect(logged).toContain('the catalogue of topics could not be written');
  expect(logged).toContain('42P01');
  expect(logged).not.toContain(canary);
});
