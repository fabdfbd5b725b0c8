// What one trouble must not cost others: collisions that pass, a follow-up that fails, timers that cannot be passed.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { evaluateWork } from '../../src/evaluate/worker.ts';
import { people } from '../../src/store/schema/people.ts';
import { laneOf, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const minute = 60_000;
const full = (at: number, subject: string) => ({ at, subject, data: { usage: 93 } });

it('puts no event aside because batches collided with somebody', async () => {
  await stage.rule();
  await stage.push(full(1000, '/home'));
  const { sql } = stage.world.database;
  // A sequence is not rolled back: it counts the tries.
  await sql.unsafe(`create sequence tries; create function collide() returns trigger language plpgsql as $$ begin
    if nextval('tries') < 8 then raise exception 'collision' using errcode = '40001'; end if; return null; end $$;
    create trigger collide after update on events for each statement execute function collide()`);
  const work = evaluateWork(stage.world);
  await work.evaluate(String(laneOf('["cad","disk.usage","/home"]')), 2000);
  expect(await sql`select quarantined from events`).toEqual([{ quarantined: null }]);
  expect(await stage.lives()).toEqual(['["cad","/home","disk.usage"]: fired@1000']);
  expect(await sql`select * from lane_troubles`).toEqual([]);
  await work.close();
});

/** Three alerts that nobody takes care of, whose owner wants the next to be told after a minute. */
async function threeUnattended(): Promise<ReturnType<typeof evaluateWork>> {
  await stage.world.database.db.insert(people).values({
    id: 'p_ana',
    telegramId: 1,
    name: 'Ana',
    role: 'owner',
    createdAt: 0,
    care: { escalate: [{ afterMs: minute, to: ['p_bob'] }] },
  });
  await stage.rule();
  const work = evaluateWork(stage.world);
  await stage.push(full(1000, '/a'), full(2000, '/b'), full(3000, '/c'));
  await stage.drainAll(work, 3000);
  return work;
}

async function escalated(): Promise<string[]> {
  const lives = await stage.lives();
  return lives.filter((life) => life.includes('escalated')).map((life) => life.slice(8, 10));
}

it('lets one alert that cannot be followed up stop no other', async () => {
  const work = await threeUnattended();
  const { sql } = stage.world.database;
  await sql.unsafe(`create function refuse() returns trigger language plpgsql as $$ begin
    raise exception 'no' using errcode = '22023'; end $$;
    create trigger refuse before update on alerts for each row
    when (new.key like '%/a%') execute function refuse()`);
  await work.due('all', 2 * minute);
  expect(await escalated()).toEqual(['/b', '/c']);
  expect(stage.logged.join()).toContain('an alert could not be followed up');
  await sql`drop trigger refuse on alerts`;
  await work.due('all', 3 * minute);
  expect(await escalated()).toEqual(['/a', '/b', '/c']);
  await work.close();
});

it('follows up alerts also while timers cannot be passed', async () => {
  const work = await threeUnattended();
  const { sql } = stage.world.database;
  await sql`alter table verifications rename to verifications_away`;
  await expect(work.due('all', 2 * minute)).rejects.toThrow();
  expect(await escalated()).toEqual(['/a', '/b', '/c']);
  await work.close();
});

it('takes less at a time when a batch takes too long, and puts nothing aside for that', async () => {
  await stage.rule();
  const { sql } = stage.world.database;
  const slowFrom = (count: number) =>
    sql.unsafe(`create or replace function slow() returns trigger language plpgsql as $$ begin
      if (select count(*) from changed) >= ${count} then raise exception 'too long' using errcode = '57014'; end if;
      return null; end $$;
      create or replace trigger slow after update on events referencing new table as changed
      for each statement execute function slow()`);
  const work = evaluateWork(stage.world);
  const lane = String(laneOf('["cad","disk.usage","/home"]'));
  const left = () => sql`select count(*)::int as n from events where processed_at is null`;
  // Alone, and then, once its lane is trusted, in a round with others.
  for (const at of [1000, 2000]) {
    await slowFrom(4);
    await stage.push(...Array.from({ length: 20 }, (_, i) => full(at + i, '/home')));
    await work.evaluate(lane, at + 100);
    expect(await left()).toEqual([{ n: 0 }]);
  }
  await slowFrom(1);
  await stage.push(full(3000, '/home'));
  await expect(work.evaluate(lane, 3000)).rejects.toThrow();
  expect(await left()).toEqual([{ n: 1 }]);
  expect(await sql`select seq from events where quarantined is not null`).toEqual([]);
  await work.close();
});
