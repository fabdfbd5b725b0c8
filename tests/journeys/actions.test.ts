// Answering in the channel: a button under the alert restarts the validator, once, and the message says what came of it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { labels, type SandboxMessage } from '#sandbox/telegram/index.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

/** The operator's own service, which knows how to restart things. */
async function opens(status = 200) {
  const calls: { url: string; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      calls.push({ url: request.url ?? '', body });
      response.statusCode = status;
      response.end('restarting node-7');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { calls, url, close };
}

async function declares({ app, key }: StoryWorld, url: string, more: object = {}) {
  const action = {
    name: 'restart',
    title: 'Restart',
    params: { url: `${url}/restart/{subject}` },
    topic: 'node.audit',
    ...more,
  };
  const made = await app.request('/v1/actions', {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(action),
  });
  expect(made.status).toBe(201);
}

/** What stands behind a button, for somebody whose screen has not been refreshed. */
function dataOf(message: SandboxMessage, label: string): string {
  const markup = message.reply_markup as { inline_keyboard: { text: string; callback_data: string }[][] };
  return markup.inline_keyboard.flat().find(({ text }) => text === label)!.callback_data;
}

const audit = (score: number) => ({ type: 'node.audit', subject: 'node-7', data: { score } });
const rule = {
  name: 'Audits fail',
  topic: 'node.audit',
  kind: 'threshold',
  params: { field: 'score', op: '<', limit: 0.96 },
};

story('Ana restarts it: asked once more, done once, and everybody reads what came of it', async (world) => {
  const { ana } = world;
  const ops = await opens();
  try {
    await world.enrols(ana);
    await declares(world, ops.url);
    await world.makesRule(ana, rule);
    await world.post(audit(0.9));
    const told = ana.expects('🟠 Audits fail: node-7');
    expect(labels(told).flat()).toContain('Restart');
    const stored = { data: dataOf(told, 'Restart') };
    await ana.presses('Restart');
    const asked = ana.expects('Restart for node-7: shall it happen?');
    expect(asked.text).toContain(`POST ${ops.url}/restart/node-7`);
    await ana.presses('No');
    ana.expects('Nothing was done.');
    expect(ops.calls).toEqual([]);
    await ana.presses('Restart', { messageId: told.message_id });
    ana.expects('shall it happen?');
    expect((await ana.presses('Yes, do it')).text).toBe('On its way.');
    expect(ops.calls.map(({ url }) => url)).toEqual(['/restart/node-7']);
    await world.advance('1m');
    expect(ana.expects('Restart: done, it answered HTTP 200. By Ana, 12:00').message_id).toBe(
      told.message_id,
    );
    await ana.presses('Look again');
    ana.expects(/Restart for node-7\nDone. It answered HTTP 200.[\s\S]*restarting node-7/);
    await ana.says('/why');
    ana.expects('acted upon by Ana: Restart: done, it answered HTTP 200');
    await world.restarts();
    await world.advance('1h');
    expect(ops.calls).toHaveLength(1);
    await world.post(audit(0.99));
    const over = ana.expects('is over');
    expect(labels(over).flat()).not.toContain('Restart');
    const late = await ana.presses(stored, { messageId: told.message_id });
    expect(late.text).toBe('It is over: there is nothing to do any more.');
  } finally {
    await ops.close();
  }
});

story('in a group only who may press it may, and only who asked confirms', async (world) => {
  const { ana, ben, charlie, team, telegram } = world;
  const ops = await opens(500);
  try {
    for (const one of [ana, ben]) await world.enrols(one);
    await declares(world, ops.url, { may: { roles: ['owner'] } });
    team.addBot(telegram.person(ana.id));
    await world.settle();
    await ana.says('/watch node.audit score < 0.96 named "Audits fail"', { in: team });
    await world.post(audit(0.9));
    await world.advance('1m');
    const told = ben.expects('🟠 Audits fail: node-7', { in: team });
    const at = { in: team, messageId: told.message_id };
    expect((await ben.presses('Restart', at)).text).toBe('You may not press “Restart”.');
    expect((await charlie.presses('Restart', at)).text).toContain('I only talk to people');
    await ana.presses('Restart', at);
    const asked = ana.expects('shall it happen?', { in: team });
    const confirm = { in: team, messageId: asked.message_id };
    expect((await ben.presses('Yes, do it', confirm)).text).toBe('Only Ana, who asked for it, can say so.');
    await world.advance('2m');
    expect((await ana.presses('Yes, do it', confirm)).text).toContain('more than a minute ago');
    expect(ops.calls).toEqual([]);
    await ana.presses('Restart', at);
    ana.expects('shall it happen?', { in: team });
    await ana.presses('Yes, do it', { in: team });
    await world.advance('2m');
    ana.expects('Restart: not done, it answered HTTP 500 (node-7).', { in: team });
    expect(ops.calls).toHaveLength(1);
  } finally {
    await ops.close();
  }
});
