// The same event sent again, another body under the same name, and bodies that cannot be read.
import { expect } from 'vitest';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

const full = { id: 'cron-1', type: 'disk.usage', subject: '/home', data: { usage: 95 } };
const send = async ({ app, key, settle }: StoryWorld, body: string, by = key) => {
  const headers = { authorization: `Bearer ${by}`, 'content-type': 'application/json' };
  const answer = await app.request('/v1/events', { method: 'POST', headers, body });
  await settle();
  return answer;
};

story('a sender that did not hear the answer sends again: told once', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch disk.usage every');
  ana.expects('every event');
  expect(await world.post(full)).toMatchObject({ accepted: 1, duplicates: 0 });
  ana.expects('/home');
  for (let i = 0; i < 5; i++) expect(await world.post(full)).toMatchObject({ accepted: 0, duplicates: 1 });
  await world.advance('1d');
  expect(await world.post([full, full])).toMatchObject({ duplicates: 2 });
  ana.expectsNothing();
});

story('another body under the same id is refused, and nothing of it is told', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch disk.usage usage > 90');
  ana.expects('Saved');
  await world.post(full);
  ana.expects('95, limit 90.');
  const answer = await send(world, JSON.stringify({ ...full, data: { usage: 20 } }));
  expect(answer.status).toBe(409);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await answer.json()).toMatchObject({ status: 409, errors: [{ path: 'id' }] });
  await world.advance('10m');
  ana.expectsNothing({ edits: true });
});

story('what cannot be read is named with its place, and nothing of the batch is taken', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch disk.usage every');
  ana.expects('Saved');
  const answer = await send(world, JSON.stringify([full, { type: 7, data: 'no' }]));
  expect(answer.status).toBe(422);
  const { errors } = (await answer.json()) as { errors: { path: string }[] };
  expect(errors.map(({ path }) => path)).toEqual(expect.arrayContaining(['[1].type', '[1].data']));
  expect((await send(world, '{"type": "disk.usage",')).status).toBe(400);
  expect((await send(world, JSON.stringify(full), 'tk_wrong')).status).toBe(401);
  ana.expectsNothing();
  expect(await world.post(full)).toMatchObject({ accepted: 1 });
  ana.expects('/home');
});
