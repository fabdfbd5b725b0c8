// Deeds on alerts that are done at the same moment: each hears of its own, whatever becomes of the others.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Alert } from '#core/alert.ts';
import { stepOneAlert } from '#operations/step-alert.ts';
import { addAlert, addPerson, addRule, asActor, noon, openStage, type Stage } from './stage.ts';

let stage: Stage;
let actor: ReturnType<typeof asActor>;
const unheard: unknown[] = [];
const note = (error: unknown) => void unheard.push(error);
beforeAll(async () => {
  process.on('unhandledRejection', note);
  stage = await openStage();
  actor = asActor((await addPerson(stage.world, 'Ana')).person);
});
afterAll(async () => {
  await stage.end();
  process.off('unhandledRejection', note);
});

async function alertsOf(count: number): Promise<Alert[]> {
  const rule = await addRule(stage.world, actor.personId);
  return Promise.all(Array.from({ length: count }, () => addAlert(stage.world, rule)));
}
const step = ({ id }: Alert, fails = false) =>
  stepOneAlert(
    stage.world,
    actor,
    'acknowledge-alert',
    { alertId: id },
    async () => {
      if (fails) throw new Error('a bug');
      return { signal: { is: 'acknowledge', by: actor } };
    },
    noon,
  );
// What nobody hears of is told of when the turn of the loop is over.
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('one that fails is heard of by who wanted it, and by nobody else', async () => {
  const [one, two, three] = (await alertsOf(3)) as [Alert, Alert, Alert];
  const asked = [step(one), step(two, true), step(two), step(three)];
  const became = await Promise.allSettled(asked);
  expect(became.map((each) => (each.status === 'fulfilled' ? each.value.ok : String(each.reason)))).toEqual([
    true,
    'Error: a bug',
    true,
    true,
  ]);
  await turn();
  expect(unheard).toEqual([]);
});

it('one that somebody else holds keeps nobody waiting, and fails alone', async () => {
  const [held, free] = (await alertsOf(2)) as [Alert, Alert];
  let letGo = () => {};
  const holding = new Promise<void>((resolve) => (letGo = resolve));
  let has = () => {};
  const taken = new Promise<void>((resolve) => (has = resolve));
  const holder = stage.world.database.sql.begin(async (sql) => {
    await sql`select 1 from alerts where id = ${held.id} for update`;
    has();
    await holding;
  });
  await taken;
  const late = [step(held, true), step(held)];
  expect(await step(free)).toMatchObject({ ok: true });
  letGo();
  await holder;
  const became = await Promise.allSettled(late);
  expect(became.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  await turn();
  expect(unheard).toEqual([]);
});
