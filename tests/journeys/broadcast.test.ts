// Broadcasts: "your software is outdated" reaches those who watch what is outdated, once a round, until they are done.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import type { Person } from '../harness/actors.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

const checkin = (subject: string, version: string) => ({ type: 'node.checkin', subject, data: { version } });
const audits = (subject: string) => ({
  topic: 'node.audit',
  match: [`subject = "${subject}"`],
  kind: 'every',
  name: `Audits of ${subject}`,
});

/** Ana runs the house, Ben has an old node, Charlie a new one; the rules are about audits, the versions come elsewhere. */
async function gathers(world: StoryWorld) {
  const { ana, ben, charlie } = world;
  for (const one of [ana, ben, charlie]) await world.enrols(one);
  await world.makesRule(ben, audits('node-7'));
  await world.makesRule(charlie, audits('node-9'));
  await world.post([
    { type: 'node.audit', subject: 'node-7', data: { ok: true } },
    { type: 'node.audit', subject: 'node-9', data: { ok: true } },
    checkin('node-7', '1.3.9'),
    checkin('node-9', '1.10.2'),
  ]);
  for (const one of [ben, charlie]) one.expects(/Audits of node/);
}

async function writes(ana: Person, text: string) {
  await ana.says(text);
  return ana.expects('Told once.');
}

story('only those who watch an outdated node hear of it, and say that they have seen it', async (world) => {
  const { ana, ben, charlie } = world;
  await gathers(world);
  await ana.says('/broadcast');
  expect(labels(ana.expects('Who shall be told?')).flat()).toEqual([
    'Everyone here · 3',
    'Those who run something …',
    'Earlier ones',
    'Cancel',
  ]);
  await ana.presses('Those who run something …');
  expect(labels(ana.expects('in which topic')).flat()[0]).toBe('node.checkin');
  await ana.presses('node.checkin');
  expect(labels(ana.expects('whose newest event must say what?')).flat()[0]).toBe('version < 1.10.2');
  await ana.says('version < 1.4');
  ana.expects('To those who watch what is in node.checkin with version < 1.4: Ben, who watches node-7.');
  await writes(ana, 'Your software is outdated.\nPlease update to 1.4.');
  await ana.presses('Send it');
  const told = ben.expects('Your software is outdated.');
  expect(told.text).toBe(
    'Your software is outdated.\nPlease update to 1.4.\nIt concerns node-7.\nFrom Ana, to everybody who watches what is in node.checkin with version < 1.4.',
  );
  expect(told.silent).toBe(true);
  charlie.expectsNothing();
  await ana.presses('Look again');
  ana.expects(/1 told, not confirmed\.[\s\S]*Ben \(node-7\): told, not confirmed/);
  expect((await ben.presses('Seen')).text).toBe('Noted.');
  expect(labels(world.telegram.messages(ben.id).at(-1)!).flat()).toEqual([]);
  await ana.presses('Look again');
  ana.expects('Ben (node-7): seen');
  await ana.presses('All broadcasts');
  ana.expects('1. Your software is outdated. Please update to 1.4. · 12:00 · 1 seen · ended');
});

story(
  'again every three days until it is done; who has updated is left alone, who is late is told',
  async (world) => {
    const { ana, ben, charlie } = world;
    await gathers(world);
    await ana.says('/broadcast node.checkin version < 1.4');
    ana.expects('What shall they read?');
    await writes(ana, 'Please update.');
    await ana.presses('Repeat: no');
    ana.expects('Told every 1 day');
    await ana.presses('Repeat: every day');
    ana.expects('Told every 3 days, for 30 days, to those who have neither pressed Seen nor left.');
    await ana.presses('Send it');
    ben.expects('Please update.');
    // A second node falls back, and nobody is told before the next round.
    await world.post(checkin('node-9', '1.2'));
    await world.advance('2d');
    ben.expectsNothing();
    charlie.expectsNothing();
    await world.restarts();
    await world.advance('1d');
    expect(ben.expects('Please update.').text).toContain('Told for the 2nd time.');
    charlie.expects('Please update.');
    await world.post(checkin('node-7', '1.4.0'));
    await charlie.presses('Seen');
    charlie.expects('Welcome back');
    await world.advance('3d');
    ben.expectsNothing();
    charlie.expectsNothing();
    expect(ana.expects('Your broadcast “Please update.” has ended').text).toContain(
      '1 no longer concerned, 1 seen',
    );
    await world.advance('4d');
    ben.expectsNothing();
  },
);

story('a broadcast that concerns nobody says so before it asks for its text', async (world) => {
  const { ana } = world;
  await gathers(world);
  await ana.says('/broadcast node.checkin version < 0.1');
  const asked = ana.expects(
    'This would reach nobody at this moment. To: those who watch what is in node.checkin with version < 0.1.',
  );
  expect(asked.text).toContain('Go back for others');
  expect(labels(asked).flat()).toEqual(['Back', 'Cancel']);
  await ana.says('Please update.');
  const preview = ana.expects('It cannot be sent once, as it would reach nobody.');
  expect(preview.text).toContain('Repeated, it reaches whoever it concerns by then.');
  expect(labels(preview).flat()).not.toContain('Send it');
  await ana.presses('Repeat: no');
  expect(labels(ana.last()!).flat()).toContain('Send it');
  expect(ana.last()!.text).not.toContain('cannot be sent');
});

story('a tenth first, the others when Ana says so, nobody after she stops', async (world) => {
  const { ana, ben, charlie } = world;
  for (const one of [ana, ben, charlie]) await world.enrols(one);
  const shown = async (body: object) =>
    (
      await world.app.request('/v1/broadcasts', {
        method: 'POST',
        headers: { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).status;
  const heard = () =>
    [ana, ben, charlie].filter((one) => one.transcript().includes('The cellar is closed')).length;
  expect(
    await shown({ id: 'cellar', text: 'The cellar is closed.', to: { everyone: true }, first: 10 }),
  ).toBe(201);
  await world.settle();
  expect(heard()).toBe(1);
  expect(
    await shown({ id: 'cellar', text: 'The cellar is closed.', to: { everyone: true }, first: 10 }),
  ).toBe(200);
  await world.advance('2d');
  expect(heard()).toBe(1);
  await ana.says('/broadcast');
  await ana.presses('Earlier ones');
  await ana.presses('1');
  ana.expects('The others are told when you say so');
  await ana.presses('Tell the other 2');
  expect(heard()).toBe(3);
  expect((await ana.presses('All broadcasts')).text ?? '').toBe('');
  await shown({ id: 'roof', text: 'The roof is open.', to: { everyone: true }, first: 10, restAfter: '2h' });
  await world.settle();
  const roof = () =>
    [ana, ben, charlie].filter((one) => one.transcript().includes('The roof is open')).length;
  expect(roof()).toBeGreaterThanOrEqual(1);
  await ana.says('/broadcast');
  await ana.presses('Earlier ones');
  await ana.presses('1');
  ana.expects('The roof is open.');
  expect((await ana.presses('Stop')).text).toBe('Stopped.');
  ana.expects('It was stopped.');
  const before = [ben, charlie].filter((one) => one.transcript().includes('The roof is open')).length;
  await world.advance('3h');
  expect([ben, charlie].filter((one) => one.transcript().includes('The roof is open')).length).toBe(before);
});

story('at night it waits for the morning, and who wants none is told none', async (world) => {
  const { ana, ben, charlie } = world;
  for (const one of [ana, ben, charlie]) await world.enrols(one);
  await ben.says('/quiet 9-20');
  ben.expects(/quiet/i);
  await ana.says('/broadcast');
  await ana.presses('Everyone here · 3');
  await writes(ana, 'We move tonight.');
  await ana.presses('Send to all 3');
  charlie.expects('We move tonight.');
  ben.expectsNothing();
  await ben.says('/held');
  ben.expects('We move tonight.');
  await ana.presses('Look again');
  ana.expects(/Ben: held back: It came during quiet hours, until 20:00/);
  expect((await charlie.presses('No more of these')).text).toContain('No broadcasts any more.');
  await world.advanceTo(Date.UTC(2026, 4, 4, 18, 1));
  ben.expects('We move tonight.');
  await ana.says('/broadcast');
  await ana.presses('Everyone here · 3');
  await writes(ana, 'We have moved.');
  await ana.presses('Send to all 3');
  charlie.expectsNothing();
  ben.expects('We have moved.');
  await ana.presses('Look again');
  ana.expects('Charlie: opted out of broadcasts');
  await charlie.says('/why today');
  charlie.expects('opted out');
});

story('a group’s admin tells their group, and nobody else may', async (world) => {
  const { ana, ben, charlie, team, telegram } = world;
  for (const one of [ana, ben, charlie]) await world.enrols(one);
  team.addBot(telegram.person(ana.id));
  await world.settle();
  await ben.says('/broadcast', { in: team });
  ben.expects('Only admins of the group can broadcast to it.', { in: team });
  await ben.says('/broadcast');
  ben.expects('Only admins can use /broadcast. Ask Ana.');
  await ana.says('/broadcast', { in: team });
  const asked = ana.expects('What shall they read?', { in: team });
  telegram.person(ana.id).say('The rota has changed.', { chat: team.id, replyTo: asked.message_id });
  await world.settle();
  ana.expects('Told once.', { in: team });
  await ana.presses('Send it', { in: team });
  await world.advance('1m');
  charlie.expects('From Ana, to this group.', { in: team });
  expect((await charlie.presses('Seen', { in: team })).text).toBe('Noted. Seen by Charlie.');
  expect((await ben.presses('Seen', { in: team })).text).toBe('Noted. Seen by Charlie, Ben.');
  expect((await ben.presses('No more of these', { in: team })).text).toContain('Only admins of the group');
});
