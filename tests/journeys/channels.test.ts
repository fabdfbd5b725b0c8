// Where people are told besides the chat: added, confirmed, tested, set to their hours, mended and removed, all by chatting.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect } from 'vitest';
import { addReceiver } from '#operations/add-receiver.ts';
import { labels } from '#sandbox/telegram/index.ts';
import { findPersonByTelegram } from '#store/people.ts';
import { enableReceiver } from '#store/receivers.ts';
import { openPostOffice, type PostOffice } from '../notify/stand-ins/post-office.ts';
import { story } from './story.ts';

let office: PostOffice;
const calls: string[] = [];
let answers = 200;
const hook = createServer(async (request: IncomingMessage, response) => {
  let body = '';
  for await (const part of request) body += part;
  calls.push(body);
  response.writeHead(answers).end(answers === 200 ? 'thanks' : 'not now');
});
const gateways = { mail: { url: '', from: 'Tocsin <alerts@example.org>' } } as {
  mail: { url: never; from: string };
};
let hookUrl = '';

beforeAll(async () => {
  office = await openPostOffice();
  gateways.mail.url = office.url as never;
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  hookUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hooks/tocsin`;
});
afterAll(async () => {
  await office.close();
  hook.close();
});

const codeIn = (raw: string) => /(\d{6}) is the code/.exec(raw.replace(/=\r\n/g, ''))?.[1] ?? '';

story(
  'Ana adds her e-mail, confirms it by the code, tests it, and it tells only what she lets it',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await ana.says('/channels');
    expect(ana.expects('You are told here:').text).toContain('A second way helps');
    await ana.presses('Add a channel');
    await ana.presses('E-mail');
    ana.expects('E-mail address');
    await ana.says('ana at example');
    ana.expects(/E-mail address: /);
    await ana.says('ana@example.org');
    ana.expects('A code of six digits was sent to');
    await ana.says('000000');
    ana.expects('That is not the code.');
    // The process ends in the middle of the dialogue.
    await world.restarts();
    await ana.says(codeIn(office.mails.at(-1)!.raw));
    const shown = ana.expects('Confirmed. It is told from now on.');
    expect(labels(shown).flat()).toEqual(
      expect.arrayContaining(['Test', 'How it tells', 'Last deliveries', 'Rename', 'Remove']),
    );
    const before = office.mails.length;
    expect((await ana.presses('Test')).text).toBe('A test is on its way.');
    expect(office.mails.length).toBe(before + 1);
    expect((await ana.presses('Test')).text).toBe('A test was sent a moment ago.');

    await ana.presses('How it tells');
    await ana.presses('Hours');
    await ana.presses('Work hours');
    ana.expects('Begins to tell Mon-Fri 09:00-18:00');
    await ana.presses('Gather');
    await ana.presses('Each minute by day, once for 19–6');
    await ana.presses('At most');
    await ana.presses('other');
    await ana.says('some');
    ana.expects('I do not understand these limits.');
    await ana.says('20 an hour, 5 min apart');
    const set = ana.expects('At most 20 an hour, one every 5 min');
    expect(set.text).toContain('Gathers: 19:00-06:00 once, at the end; what comes in 1 min.');
    expect(set.text).toContain('Begins to tell Mon-Fri 09:00-18:00');
    await ana.presses('How bad at least');
    await ana.presses('Only critical');
    ana.expects('From critical on.');
    await ana.presses('Hours');
    await ana.presses('other');
    await ana.says('sometimes');
    ana.expects('is no time of the week');
    await ana.presses('Back');
    await ana.presses('Hours');
    await ana.presses('At any hour');
    ana.expects('Tells at any hour.');
    await ana.presses('Back');

    await ana.presses('Rename');
    ana.expects('Two with the same name make one style');
    await ana.says('  My mail  ');
    expect(ana.expects('It is called My mail now.').text).toContain('No rule tells here yet');
    await world.makesRule(ana, {
      topic: 'disk.usage',
      kind: 'threshold',
      params: { field: 'usage', op: '>', limit: 90 },
      to: ['My mail'],
    });
    await ana.says('/channels');
    await ana.presses('My mail · E-mail');
    await ana.presses('Remove');
    ana.expects('These rules tell there');
    await ana.presses('Keep it');
    await ana.presses('Remove');
    await ana.presses('Yes, remove it');
    ana.expects('My mail is removed.');
  },
  { gateways, takes: 60_000 },
);

story(
  'a webhook’s secret is shown once, renewed with both good, and a delivery is sent again',
  async (world) => {
    const { ana } = world;
    calls.length = 0;
    answers = 200;
    await world.enrols(ana);
    await ana.says('/channels');
    await ana.presses('Add a channel');
    ana.expects('Not set up on this server: E-mail');
    await ana.presses('Webhook');
    await ana.says('nowhere');
    const first = ana.expects('must be an address such as');
    // The same once more stands below what was typed; the buttons are on it alone.
    await ana.says('nowhere');
    expect(ana.expects('must be an address such as').reply_markup).toBeUndefined();
    const again = ana.expects('must be an address such as');
    expect(again.message_id).toBeGreaterThan(first.message_id);
    await ana.says(hookUrl);
    const secret = /whsec_\S+/.exec(ana.expects('shown only now').text)?.[0];
    expect(secret).toBeDefined();
    expect(calls).toHaveLength(1);
    // The same place once more needs a name of its own.
    await ana.says('/channels');
    await ana.presses('Add a channel');
    await ana.presses('Webhook');
    await ana.says(hookUrl);
    ana.expects('give this one another name');
    await ana.says('Second');
    ana.expects('Added. A first message is on its way there.');
    await ana.presses('New secret');
    await ana.presses('For 1 day');
    const renewed = ana.expects('The old one is good until');
    expect(/whsec_\S+/.exec(renewed.text)?.[0]).not.toBe(secret);
    await ana.presses('Back');
    expect(ana.expects('You are told here').text).not.toContain('whsec_');

    await ana.presses('Second');
    await ana.presses('Last deliveries');
    ana.expects('1. ');
    await ana.presses('1');
    const detail = ana.expects('answered 200 after');
    expect(detail.text).toContain('thanks');
    const before = calls.length;
    expect((await ana.presses('Send again')).text).toBe('It is on its way again.');
    expect(calls).toHaveLength(before + 1);
    await ana.presses('Back');
    await ana.presses('Back');
    await ana.presses('Switch off');
    ana.expects('Off: switched off by its owner');
    await ana.presses('Switch it on again');
    ana.expects('Works.');
  },
);

story(
  'Ana’s nights are one name: two receivers bear it, one rule tells both, and a new name goes to both',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    const personId = (await findPersonByTelegram(world.rooms.world.database.db, ana.id))!.id;
    const boss = { is: 'operator', name: 'the story' } as const;
    for (const [label, address] of [
      ['nights', 'ana@example.org'],
      ['phone', 'ana.phone@example.org'],
    ] as const) {
      const input = { ownerId: personId, channel: 'email', contact: { address }, label };
      const { world: inside, channels } = { world: world.rooms.world, channels: world.rooms.channels };
      const added = await addReceiver(inside, channels, boss, input, world.now());
      if (!added.ok) throw new Error(added.text);
      await enableReceiver(inside.database.db, added.id);
    }
    await world.settle();
    await ana.says('/channels');
    await ana.presses('nights · E-mail');
    await ana.presses('How it tells');
    await ana.presses('How bad at least');
    await ana.presses('Only critical');
    ana.expects('From critical on.');
    await ana.says('/channels');
    await ana.presses('phone · E-mail');
    await ana.presses('How it tells');
    await ana.presses('Tell as another one does');
    expect((await ana.presses('nights · E-mail')).text).toBe('It tells the same way now.');
    expect(ana.expects('How phone tells:').text).toContain('From critical on.');
    await ana.says('/channels');
    await ana.presses('Styles');
    expect(ana.expects('A style is a name').text).toContain('• phone: E-mail');
    await ana.presses('nights');
    await ana.presses('Add a receiver');
    await ana.presses('phone · E-mail');
    ana.expects('No rule tells here yet');
    await world.makesRule(ana, { topic: 'disk.usage', kind: 'every', severity: 'critical', to: ['nights'] });
    await ana.presses('Rename');
    await ana.says('email');
    ana.expects('already means something else');
    await ana.says('after dark');
    const shown = ana.expects('All 2 are called after dark now.');
    expect(shown.text).toContain('1 rule tells here.');
    const before = office.mails.length;
    await world.post({ type: 'disk.usage', subject: '/home', data: {} });
    expect(
      office.mails
        .slice(before)
        .map(({ to }) => to)
        .sort(),
    ).toEqual(['ana.phone@example.org', 'ana@example.org']);
  },
  { gateways },
);

story(
  'topics are left out and told again; in a group only its admins see where it is told',
  async (world) => {
    const { ana, ben, team } = world;
    await world.enrols(ana);
    await world.enrols(ben);
    await world.post({ type: 'builds.vr0', subject: 'x', data: { n: 1 } });
    await ana.says('/channels');
    await ana.presses('Topics left out');
    ana.expects('Nothing is left out');
    await ana.presses('Leave out a topic');
    await ana.says('a..b');
    ana.expects('This is no topic pattern');
    await ana.presses('builds.vr0');
    ana.expects('Where shall builds.vr0 be left out?');
    expect((await ana.presses('Everywhere')).text).toBe('Left out.');
    ana.expects('builds.vr0');
    await ana.says('/watch builds.vr0 every');
    await world.post({ type: 'builds.vr0', subject: 'x', data: { n: 2 } });
    ana.expects('Saved');
    ana.expectsNothing();
    await ana.says('/channels');
    await ana.presses('Topics left out');
    await ana.presses('Tell builds.vr0 again');
    ana.expects('Nothing is left out');
    await world.post({ type: 'builds.vr0', subject: 'y', data: { n: 2 } });
    ana.expects('vr0: y');
    // By one channel alone, from the topic itself.
    await ana.says('/topics builds.vr0');
    await ana.presses('Leave it out');
    await ana.presses('Only by Telegram');
    ana.expects('• builds.vr0 by Telegram');
    await world.post({ type: 'builds.vr0', subject: 'z', data: { n: 2 } });
    ana.expectsNothing();
    await ana.presses('Tell builds.vr0 again · Telegram');
    ana.expects('Nothing is left out');

    team.join(world.telegram.person(ana.id), { admin: true });
    team.addBot(world.telegram.person(ana.id));
    await world.settle();
    await ben.says('/channels', { in: team });
    ben.expects('Only admins of the group', { in: team });
    await ana.says('/channels', { in: team });
    ana.expects('This group is told here', { in: team });
    await ana.presses('Add a channel', { in: team });
    await ana.presses('Webhook', { in: team });
    const asked = ana.expects('Answer by replying', { in: team });
    world.telegram.person(ana.id).say(hookUrl, { chat: team.id, replyTo: asked.message_id });
    await world.settle();
    expect(ana.expects('in our private chat', { in: team }).text).not.toContain('whsec_');
    expect(ana.expects('shown only now').text).toContain('whsec_');
  },
);
