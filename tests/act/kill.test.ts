// kill -9 between the intent and the answer: the act has happened once, is known as unknown, and never happens again by itself.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actionBook } from '#act/action-book.ts';
import { actWork } from '#act/worker.ts';
import { confirmAction } from '#operations/confirm-action.ts';
import { declareAction } from '#operations/declare-action.ts';
import { pressAction } from '#operations/press-action.ts';
import type { World } from '#operations/world.ts';
import { findAct } from '#store/acts.ts';
import { pendingWork } from '#store/pending.ts';
import { picturesIn } from '#store/pictures.ts';
import {
  addAlert,
  addPerson,
  addRule,
  asActor,
  noon,
  openStage,
  operator,
  type Stage,
} from '../operations/stage.ts';

let stage: Stage;
let calls = 0;
let reached: () => void = () => {};
/** Takes every request and never answers. */
const server = createServer(() => {
  calls++;
  reached();
});

beforeAll(async () => {
  stage = await openStage();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await stage.end();
});

async function confirmed(world: World, given: object): Promise<{ actId: string; alertId: string }> {
  const { person } = await addPerson(world, 'Ana', 'admin');
  const alert = await addAlert(world, await addRule(world, person.id));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/{id}`;
  const input = { name: world.id('x').toLowerCase().slice(0, 30), params: { url }, topic: '**', ...given };
  const made = await declareAction(world, actionBook, operator, input, noon);
  if (!made.ok) throw new Error(made.text);
  const wanted = { actionId: made.action.id, alertId: alert.id, chatId: 5, pressId: 'q' };
  const pressed = await pressAction(world, actionBook, asActor(person), wanted, noon);
  if (!pressed.ok) throw new Error(pressed.text);
  const actId = pressed.act.id;
  const done = await confirmAction(world, asActor(person), { actId, chatId: 5, yes: true }, noon);
  if (!done.ok) throw new Error(done.text);
  return { actId, alertId: alert.id };
}

/** Does it in a process of its own, which dies when the other side has the request. */
async function killInTheMiddle(actId: string): Promise<void> {
  const program = new URL('./act-program.ts', import.meta.url).pathname;
  const asked = JSON.stringify({ connection: stage.connection, actId, now: noon });
  const arrived = new Promise<void>((done) => {
    reached = done;
  });
  const child = spawn(process.execPath, ['--import', 'tsx', program, asked], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let said = '';
  child.stdout.on('data', (part) => {
    said += part;
  });
  await Promise.race([arrived, ended]);
  child.kill('SIGKILL');
  await ended;
  expect(said).toBe('');
}

async function sweep(now: number) {
  const { world } = stage;
  const work = actWork({
    world,
    outbound: async () => ({ is: 'failed', why: 'nobody listens there', wrote: false, ms: 0 }),
    clock: () => now,
  });
  for (const { job, id } of await pendingWork(world.database.db, now))
    if (job === 'act') await work.act(id, now);
}

it('is unknown, and stays so', async () => {
  const { db } = stage.world.database;
  const { actId, alertId } = await confirmed(stage.world, {});
  await killInTheMiddle(actId);
  expect(await findAct(db, actId)).toMatchObject({ status: 'calling', attempts: 1 });
  for (const seconds of [1, 59, 61, 600, 86_400]) await sweep(noon + seconds * 1000);
  expect(await findAct(db, actId)).toMatchObject({ status: 'unknown', attempts: 1 });
  expect((await picturesIn(db, [{ alertId, receiverId: '' }], 0)).alerts.get(alertId)?.acted?.text).toContain(
    'nobody knows whether it was done',
  );
  expect(calls).toBe(1);
});

it('declared idempotent, it goes on with the same id', async () => {
  const { db } = stage.world.database;
  const { actId } = await confirmed(stage.world, { idempotent: true });
  await killInTheMiddle(actId);
  await sweep(noon + 61_000);
  expect(await findAct(db, actId)).toMatchObject({ status: 'confirmed', attempts: 1 });
  await sweep(noon + 70_000);
  expect(await findAct(db, actId)).toMatchObject({ attempts: 2 });
});
