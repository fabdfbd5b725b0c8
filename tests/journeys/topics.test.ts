// What comes here, as people find it: the tree of topics, one with its fields and units, and rules that look in vain.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import { story } from './story.ts';

const usage = (subject: string, value: number, host = 'cad1') => ({
  type: 'disk.usage',
  subject,
  data: { usage: value },
  labels: { host },
});

story('Ana looks at what comes, opens a topic with its units, and watches it from there', async (world) => {
  const { ana } = world;
  await world.enrols(ana, 'UTC');
  await ana.says('/topics');
  ana.expects('Nothing has come yet');
  await world.post([
    usage('/home', 71),
    usage('/sarc/cad', 93.5, 'cad2'),
    { type: 'disk.inodes', subject: '/home', data: { used: 5 } },
    { type: 'builds.vr0.place', subject: 'gc_t', data: { status: 'fail' } },
    { type: 'builds.vr0.route', subject: 'gc_t', data: { status: 'good' } },
  ]);
  await world.advance('2s');
  const said = await world.app.request('/v1/topics/disk.usage', {
    method: 'PUT',
    headers: { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      title: 'Disks',
      fields: {
        usage: { type: 'number', unit: '%', required: true },
        room: { description: 'where it stands' },
      },
    }),
  });
  expect(said.status).toBe(200);
  await world.post({ type: 'disk.usage', subject: '/scratch', data: { used: 12 } });
  await world.advance('2s');
  await world.post({ type: 'disk.inodes', subject: '/home', data: { used: 6 } });

  await ana.says('/topics');
  const tree = ana.expects('What comes here: 4 topics, 7 events.');
  expect(tree.text).toContain('builds.vr0.* · 2 topics · 2 events');
  expect(labels(tree).flat()).toEqual(['builds.vr0 (2)', 'disk (2)']);
  await ana.presses('disk (2)');
  expect(labels(ana.expects('disk: 2 topics, 5 events.')).flat()).toContain('disk.inodes');
  await ana.presses('disk.usage');
  const page = ana.expects('Disks · disk.usage').text;
  expect(page).toContain('3 events');
  expect(page).toContain('usage: 71 – 93.5 %, last ');
  expect(page).toContain('room: never seen (where it stands)');
  expect(page).toContain('% (required, 1 event without it)');
  expect(page).toContain('/sarc/cad usage 93.5 %, host cad2');
  await ana.presses('Watch this');
  ana.expects('disk.usage');
  await ana.says('/cancel');

  await ana.says('/topics disk.usage');
  ana.expects('Disks · disk.usage');
  await ana.says('/topics nothing.here');
  ana.expects('Nothing has come under nothing.here');
});

story('a rule about a field that never comes says so', async (world) => {
  const { ana } = world;
  await world.enrols(ana, 'UTC');
  await world.post(usage('/home', 71));
  const params = { field: 'usgae', op: '>', limit: 90 };
  await world.makesRule(ana, { topic: 'disk.usage', kind: 'threshold', params, name: 'Slip' });
  await ana.says('/rules');
  await ana.presses('1. Slip');
  ana.expects('No event of disk.usage has had a field usgae. Did you mean usage?');
});

story('a field that was typed and never came is said before the rule is saved', async (world) => {
  const { ana } = world;
  await world.enrols(ana, 'UTC');
  await world.post(usage('/home', 71));
  await ana.says('/subscribe');
  await ana.presses('disk.usage');
  await ana.says('usgae');
  await ana.says('90');
  await ana.presses('same');
  const preview = ana.expects('Is it right so?').text;
  expect(preview).toContain('No event of disk.usage has had a field usgae. Did you mean usage?');
  await ana.says('/cancel');
});

story('a rule on trial says what it would have told, in its own place', async (world) => {
  const { ana } = world;
  await world.enrols(ana, 'UTC');
  await world.makesRule(ana, {
    name: 'On trial',
    topic: 'disk.usage',
    kind: 'threshold',
    params: { field: 'usage', op: '>', limit: 90 },
    shadow: true,
  });
  await world.post(usage('/home', 71));
  await ana.says('/rules');
  await ana.presses('1. On trial');
  ana.expects('It would have told nothing so far.');
  await world.post(usage('/home', 93.5));
  await world.post(usage('/sarc/cad', 95));
  ana.expectsNothing();
  await ana.says('/rules');
  await ana.presses('1. On trial');
  const report = ana.expects('it would have told 2 times').text;
  expect(report).toContain('/home 93.5, limit 90');
});

story('before anything came, the line that is shown is taken as it is printed', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/topics');
  const line = /curl .+/.exec(ana.expects('Nothing has come yet').text)![0].replace('YOUR_KEY', world.key);
  const [url] = /https:\S+/.exec(line)!;
  const headers = [...line.matchAll(/-H '([^:]+): ([^']+)'/g)].map(
    ([, name, value]) => [name!, value!] as const,
  );
  const [, body] = /-d '([^']+)'/.exec(line)!;
  const answer = await world.app.request(url, {
    method: 'POST',
    headers: Object.fromEntries(headers),
    body: body!,
  });
  expect(answer.status).toBe(202);
  await world.settle();
  await ana.says('/topics');
  ana.expects('1 topic, 1 event');
});
