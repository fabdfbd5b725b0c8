// Who did what cannot be changed quietly: whatever is done to a record in the database is found and named.
import { sql as query } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { setZone } from '#operations/set-zone.ts';
import { amendAudit, bindAudit, chainHead, chainState } from '#store/audit-chain.ts';
import { forgetOld } from '../harness/forget-old.ts';
import { until } from '../harness/until.ts';
import { addPerson, noon, openStage, type Stage } from '../operations/stage.ts';

let stage: Stage;
let personId: string;
beforeAll(async () => {
  stage = await openStage();
  personId = (await addPerson(stage.world, 'Ana')).person.id;
});
afterAll(() => stage.end());

const db = () => stage.world.database.db;
const sql = () => stage.world.database.sql;
const bindAll = async () => {
  while ((await db().transaction((tx) => bindAudit(tx, stage.world))) > 0);
};
const state = () => chainState(db(), stage.world);
const zones = ['Asia/Tokyo', 'Europe/Berlin', 'UTC', 'Europe/London', 'Asia/Seoul'];
const act = async () => {
  const ana = { is: 'person', personId, name: 'Ana', role: 'member' } as const;
  for (const [i, zone] of zones.entries())
    await setZone(stage.world, ana, { ownerId: personId, zone }, noon + i);
};
beforeEach(async () => {
  await sql()`delete from audit`;
  await sql()`delete from markers where name = 'audit-chain'`;
  await sql()`delete from secrets where name = 'audit-chain'`;
  await act();
  await bindAll();
});

it('is whole as it was written, however often and by however many it is bound', async () => {
  await Promise.all([act().then(bindAll), bindAll(), bindAll()]);
  await bindAll();
  const { bound, broken } = await state();
  expect(broken).toBeUndefined();
  expect(bound).toBe(10);
  const [row] = await sql()`select count(*)::int as n from audit where link is null`;
  expect(row!.n).toBe(0);
});

it('keeps its end when everything in it is forgotten for its age', async () => {
  await forgetOld(db(), noon + 500 * 86_400_000);
  expect(await state()).toEqual({ bound: 1 });
});

it.each([
  ['a word of it is another', `update audit set detail = '{"zone":"UTC"}' where link = 3`, 3],
  ['somebody else did it', `update audit set actor = 'operator' where link = 1`, 1],
  ['at another time', `update audit set at = at + interval '1 s' where link = 5`, 5],
  ['one is missing', `delete from audit where link = 3`, 4],
  [
    'two have changed places',
    `update audit set link = case link when 2 then 102 else 101 end where link in (2,3);
     update audit set link = case link when 102 then 3 else 2 end where link > 100`,
    2,
  ],
  [
    'one was put in',
    `update audit set link = link + 1000 where link > 3; update audit set link = link - 999 where link > 1000;
     insert into audit (at, actor, verb, target, link, seal) values (now(), 'clock', 'x', 'y', 4, 'forged')`,
    4,
  ],
])('%s: it is named', async (_what, change, link) => {
  await sql().unsafe(change);
  const [row] = await sql()`select id from audit where link = ${link}`;
  expect((await state()).broken?.id).toBe(String(row!.id));
  // It is not made good by going on.
  await act();
  await bindAll();
  expect((await state()).broken).toBeDefined();
});

it('the newest are missing, or the end was set back: that is seen, too', async () => {
  await sql()`delete from audit where link >= 4`;
  expect((await state()).broken).toEqual({ id: '5', why: 'the newest records are missing' });
  await sql()`update markers set value = 3, detail = (select seal from audit where link = 3) || ' forged' where name = 'audit-chain'`;
  expect((await state()).broken?.why).toContain('the end of the chain');
  await act();
  await bindAll();
  expect((await state()).broken?.why).toContain('the end of the chain');
});

it('taken away whole it is not begun anew: that it was there is seen by its secret', async () => {
  await sql()`update audit set link = null, seal = null`;
  await sql()`delete from markers where name = 'audit-chain'`;
  expect((await state()).broken?.why).toContain('the end of the chain');
  await bindAll();
  expect((await state()).broken?.why).toContain('the end of the chain');
  const [row] = await sql()`select count(*)::int as n from audit where link is not null`;
  expect(row!.n).toBe(0);
});

it.each([
  [
    'cut back to an end that it had',
    `delete from audit where link > 5; delete from markers where name = 'audit-chain';
     insert into markers select * from old_end`,
    'it went further',
  ],
  [
    'taken away with its secret',
    `update audit set link = null, seal = null; delete from markers where name = 'audit-chain';
     delete from secrets where name = 'audit-chain'`,
    'it went further',
  ],
])('%s: what is remembered outside shows it', async (_what, change, why) => {
  const keys = stage.world;
  await sql()`drop table if exists old_end`;
  await sql()`create table old_end as select * from markers where name = 'audit-chain'`;
  await act();
  await bindAll();
  const { end } = await chainHead(db(), keys);
  expect(end!.link).toBe(10);
  expect(await chainState(db(), keys, end)).toEqual({ bound: 10 });
  await sql().unsafe(change);
  expect((await state()).broken).toBeUndefined();
  expect((await chainState(db(), keys, end)).broken).toMatchObject({ id: '10', outside: true });
  expect((await chainHead(db(), keys, end)).fault).toContain(why);
  // Nor when it has grown again.
  await act();
  await act();
  await bindAll();
  expect((await state()).broken).toBeUndefined();
  expect((await chainState(db(), keys, end)).broken).toMatchObject({ id: '10', outside: true });
});

it('what was remembered before a name was erased still holds; what the erasing wrote cannot be taken back', async () => {
  const { end } = await chainHead(db(), stage.world);
  await db().transaction((tx) =>
    amendAudit(tx, stage.world, query`link = 2`, async () => {
      await tx.execute(`update audit set detail = null where link = 2`);
    }),
  );
  expect(await chainState(db(), stage.world, end)).toEqual({ bound: 5 });
  const after = (await chainHead(db(), stage.world, end)).end!;
  expect(after).toMatchObject({ link: 5, era: 1 });
  await sql()`update markers set detail = regexp_replace(detail, ' 1$', ' 2') where name = 'audit-chain'`;
  expect((await state()).broken?.why).toContain('the end of the chain');
});

it('a name that is erased leaves it whole; what was broken before stays broken', async () => {
  const inside = () =>
    db().transaction((tx) =>
      amendAudit(tx, stage.world, query`link = 2`, async () => {
        await tx.execute(`update audit set detail = null where link = 2`);
      }),
    );
  const written = () => sql()`select xmin::text from audit where link = 1`;
  const before = await written();
  await inside();
  // What is before the name is not even touched.
  expect(await written()).toEqual(before);
  expect(await state()).toEqual({ bound: 5 });
  await act();
  await bindAll();
  expect(await state()).toEqual({ bound: 10 });
  await sql()`update audit set verb = 'other' where link = 4`;
  await inside();
  expect((await state()).broken).toBeDefined();
});

it('is looked at as of one moment, whatever is bound meanwhile', async () => {
  let looked: ReturnType<typeof state> | undefined;
  await db().transaction(async (tx) => {
    await tx.execute(`lock table audit in access exclusive mode`);
    looked = state();
    await until(
      'it waits for the records',
      async () => (await sql()`select 1 from pg_locks where not granted`).length > 0,
    );
    await tx.execute(`insert into audit (at, actor, verb, target) values (now(), 'clock', 'x', 'y')`);
    await bindAudit(tx, stage.world);
  });
  expect(await looked).toEqual({ bound: 5 });
  expect(await state()).toEqual({ bound: 6 });
});

it('what is forgotten after its time is not missed', async () => {
  await sql()`delete from audit where link <= 2`;
  expect(await state()).toEqual({ bound: 3 });
});
