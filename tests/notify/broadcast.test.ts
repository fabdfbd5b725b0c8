// Each receiver once a round, though several processes take the steps and die in the middle of them.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tellNextBroadcast } from '#notify/broadcast.ts';
import { passTimetable } from '#notify/timetable.ts';
import { createBroadcast } from '#operations/create-broadcast.ts';
import { receiptsFor } from '#store/broadcast-receipts.ts';
import { findBroadcast } from '#store/broadcasts.ts';
import { digestOf, saveDigest } from '#store/digests.ts';
import { forgetOld } from '../harness/forget-old.ts';
import { addPerson, noon, openStage, operator, type Stage } from '../operations/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

/** Dies in every third transaction, when all of it is written and nothing committed. */
function mortal({ world }: Stage, deaths: { count: number }) {
  const { db } = world.database;
  let begun = 0;
  const dying = new Proxy(db, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (name !== 'transaction') return typeof value === 'function' ? value.bind(target) : value;
      return (act: Parameters<typeof db.transaction>[0]) =>
        db.transaction(async (tx) => {
          const result = await act(tx);
          if (++begun % 3 === 0) {
            deaths.count++;
            throw new Error('killed');
          }
          return result;
        });
    },
  });
  return { ...world, database: { ...world.database, db: dying } };
}

it('is told exactly once a round to each, and forgotten whole', async () => {
  const { world } = stage;
  const { db, sql } = world.database;
  const people = [];
  for (let i = 0; i < 30; i++) people.push((await addPerson(world, `P${i}`)).person.id);
  const day = 86_400_000;
  const input = {
    text: 'Please update.',
    audience: { to: 'everyone' as const },
    firstPercent: 20,
    restAfterMs: 60_000,
    everyMs: day,
    endsAt: noon + 4 * day - 1,
  };
  const made = await createBroadcast(world, operator, input, noon);
  if (!made.ok) throw new Error(made.text);
  const { id } = made.broadcast;
  const deaths = { count: 0 };
  const process = mortal(stage, deaths);
  const pass = (now: number) => tellNextBroadcast(process, now).catch(() => true);
  let now = noon;
  while ((await findBroadcast(db, id))!.status === 'running') {
    // Three processes are woken by the same bell.
    await Promise.all([pass(now), pass(now), pass(now)]);
    now = Math.max(now, (await findBroadcast(db, id))!.nextAt);
  }
  expect(deaths.count).toBeGreaterThan(0);
  const told = await sql<{ owner: string; round: number; n: number }[]>`
    select r.owner_id as owner, (n.body::json->>'round')::int as round, count(*)::int as n
    from notifications n join receivers r on r.id = n.receiver_id where n.kind = 'broadcast' group by 1, 2`;
  expect(told.filter(({ n }) => n !== 1)).toEqual([]);
  const rounds = (owner: string) => told.filter((one) => one.owner === owner).map(({ round }) => round);
  for (const owner of people) expect(rounds(owner).sort()).toEqual([1, 2, 3, 4]);
  expect((await receiptsFor(db, id)).map(({ round }) => round)).toEqual(people.map(() => 4));

  await sql`update notifications set status = 'sent', ended_at = created_at where kind = 'broadcast'`;
  await forgetOld(db, now + 89 * day);
  expect(await findBroadcast(db, id)).toBeDefined();
  await forgetOld(db, now + 91 * day);
  expect(await findBroadcast(db, id)).toBeUndefined();
  expect(await receiptsFor(db, id)).toEqual([]);
  expect(await sql`select 1 from notifications where kind = 'broadcast'`).toHaveLength(0);
});

it('holds up neither others nor itself for ever when a step of it fails, and ends at its end', async () => {
  const { world } = stage;
  const { db, sql } = world.database;
  const day = 86_400_000;
  const make = async () => {
    const made = await createBroadcast(
      world,
      operator,
      { text: 'Please update.', audience: { to: 'everyone' }, everyMs: day, endsAt: noon + day },
      noon,
    );
    if (!made.ok) throw new Error(made.text);
    return made.broadcast.id;
  };
  const broken = await make();
  // No step of it can be taken: its audience cannot be read.
  await sql`update broadcasts set audience = '{"to":"cohort"}', next_at = next_at - interval '1 ms' where id = ${broken}`;
  const whole = await make();
  const said: unknown[] = [];
  const log = { ...world.log, error: (about: object) => void said.push(about) };
  await passTimetable({ ...world, log }, noon);
  expect(said).toEqual([expect.objectContaining({ broadcast: broken, err: expect.any(Error) })]);
  expect(await findBroadcast(db, broken)).toMatchObject({ status: 'running', nextAt: noon + 300_000 });
  expect(await findBroadcast(db, whole)).toMatchObject({ status: 'running', round: 1 });
  await passTimetable({ ...world, log }, noon + day);
  expect(await findBroadcast(db, broken)).toMatchObject({ status: 'done', endedAt: noon + day });
  expect(await findBroadcast(db, whole)).toMatchObject({ status: 'done' });
});

it('a digest that cannot be told is tried later, and holds up none behind it', async () => {
  const { world } = stage;
  const { db, sql } = world.database;
  const [bad, good] = [(await addPerson(world, 'Bad')).person.id, (await addPerson(world, 'Good')).person.id];
  for (const [ownerId, at] of [
    [bad, noon - 2],
    [good, noon - 1],
  ] as const)
    await saveDigest(db, {
      id: ownerId,
      ownerId,
      receiverId: `r_${ownerId}`,
      cron: '0 9 * * *',
      zone: 'UTC',
      sayQuiet: true,
      coveredUntil: noon - 86_400_000,
      nextAt: at,
    });
  await sql.unsafe(`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$;
    create trigger refuse before insert on notifications for each row
      when (new.receiver_id = 'r_${bad}') execute function refuse()`);
  const said: unknown[] = [];
  const log = { ...world.log, error: (about: object) => void said.push(about) };
  await passTimetable({ ...world, log }, noon);
  expect(said).toEqual([expect.objectContaining({ digest: bad, err: expect.any(Error) })]);
  const told = async () => {
    const rows =
      await sql`select receiver_id from notifications where receiver_id in (${`r_${bad}`}, ${`r_${good}`}) order by id`;
    return rows.map((row) => row.receiver_id);
  };
  expect(await told()).toEqual([`r_${good}`]);
  expect(await digestOf(db, bad)).toMatchObject({ nextAt: noon + 300_000, coveredUntil: noon - 86_400_000 });
  await sql`drop trigger refuse on notifications`;
  await passTimetable({ ...world, log }, noon + 300_000);
  expect(await told()).toEqual([`r_${good}`, `r_${bad}`]);
});
