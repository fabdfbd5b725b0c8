// “Offline” is asked about before it is told: the thing itself is looked at first.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

let answers: 'well' | 'badly' | 'never' = 'well';
let asked = 0;
const node = createServer((_request, response) => {
  asked++;
  if (answers === 'never') return;
  response.writeHead(answers === 'well' ? 200 : 503).end('{"height": 7}');
});
let address = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(node.address() as AddressInfo).port}/status`;
});
beforeEach(() => {
  answers = 'well';
  asked = 0;
});
afterAll(() => {
  node.closeAllConnections();
  node.close();
});

/** Ana has a node that is asked every hour, and a rule that misses its word. */
async function begin(world: StoryWorld): Promise<void> {
  await world.enrols(world.ana);
  const body = JSON.stringify({
    module: 'json',
    name: 'node-1',
    params: { url: address, fields: ['height=height'] },
    every: '1h',
    timeout: '1s',
  });
  const headers = { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' };
  const added = await world.app.request('/v1/targets', { method: 'POST', headers, body });
  expect(added.status, await added.clone().text()).toBe(201);
  await world.settle();
  await world.ana.says('/watch node.seen absent for 10m verify node-1 named "Node offline"');
  expect(world.ana.expects('Before I tell it I ask').text).toContain('node-1');
  await world.post({ type: 'node.seen', subject: 'node-1', data: {} });
}

story('while the node itself answers nothing is told; it is told as soon as it does not', async (world) => {
  const { ana } = world;
  await begin(world);
  const before = asked;
  await world.advance('10m');
  expect(asked, 'it was asked at once, long before its hour').toBe(before + 1);
  ana.expectsNothing();
  await ana.says('/held');
  expect(ana.expects('held back').text).toContain('node-1 answers; I tell it when that ends');

  // The process ends while it waits.
  await world.restarts();
  answers = 'badly';
  await world.advance('6m');
  const told = ana.expects('Node offline');
  expect(told.text).toContain('verified: node-1: it answers with 503');
  await ana.presses('Why');
  const why = ana.expects('Why you were told').text;
  expect(why).toContain('asked first: node-1');
  expect(why).toContain('held back: node-1 answers, so it is not told');

  // Its own word ends it, as ever.
  await world.post({ type: 'node.seen', subject: 'node-1', data: {} });
  ana.expects('Node offline');
});

story('a node that is really away is told at once, and silence is believed after a minute', async (world) => {
  const { ana } = world;
  await begin(world);
  answers = 'badly';
  await world.advance('10m');
  ana.expects('verified: node-1: it answers with 503');
  await world.post({ type: 'node.seen', subject: 'node-1', data: {} });
  ana.expects('Node offline');

  // Nobody asks at all: the bound holds.
  await world.app.request('/v1/targets/node-1', {
    method: 'PATCH',
    headers: { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' },
    body: '{"paused":true}',
  });
  await world.advance('11m');
  ana.expects('node-1 is not asked at present');
});

story('what comes back while the node is asked ends it unseen', async (world) => {
  const { ana } = world;
  await begin(world);
  await world.advance('10m');
  await world.post({ type: 'node.seen', subject: 'node-1', data: {} });
  answers = 'badly';
  await world.advance('9m');
  ana.expectsNothing();
  await ana.says('/held');
  ana.expects('Nothing is held back now.');
});

story(
  'the rule says who is asked; a name that is not there is refused with the one that was meant',
  async (world) => {
    const { ana } = world;
    await begin(world);
    await ana.says('/watch node.seen absent for 20m verify node-l');
    ana.expects('did you mean “node-1”?');
    await ana.says('/rules');
    await ana.presses('Node offline');
    await ana.presses('Edit');
    await ana.presses('Ask first');
    ana.expects('Whom shall I ask');
    await ana.presses('Without it');
    ana.expects('Ask first');
    await ana.presses('Save');
    await ana.presses('Edit');
    await ana.presses('Ask first');
    await ana.presses('node-1');
    await ana.presses('Save');
    ana.expects('Before I tell it I ask');
    const exported = await world.app.request('/v1/rules?format=yaml', {
      headers: { authorization: `Bearer ${world.key}` },
    });
    expect(await exported.text()).toContain('node-1');
  },
);
