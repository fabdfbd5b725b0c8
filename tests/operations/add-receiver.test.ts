// A new place: who may is asked before a name is looked up, few look-ups run at once, and members hear nothing of the inside.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { channelBook } from '#notify/channel-book.ts';
import { channelsOf } from '#notify/channels/index.ts';
import { addReceiver } from '#operations/add-receiver.ts';
import { until } from '../harness/until.ts';
import { addPerson, asActor, noon, openStage, type Stage } from './stage.ts';

let stage: Stage;
let asked = 0;
let answer: (fault: string | undefined) => void = () => {};
let found: Promise<string | undefined>;
const outbound = Object.assign(() => {}, {
  fault: () => {
    asked++;
    return found;
  },
});
const book = channelBook(channelsOf({ publicUrl: 'https://tocsin.example', outbound } as never));
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());
beforeEach(() => {
  asked = 0;
  found = Promise.resolve('its name leads to addresses of a private network');
});

let count = 0;
const adds = (actor: Parameters<typeof addReceiver>[2], ownerId: string) => {
  const contact = { url: 'https://ci.example.org/hook' };
  return addReceiver(
    stage.world,
    book,
    actor,
    { ownerId, channel: 'webhook', contact, label: `ci ${++count}` },
    noon,
  );
};

it('nothing is looked up for somebody who may not', async () => {
  const { person: ana } = await addPerson(stage.world, 'Ana');
  const { person: ben } = await addPerson(stage.world, 'Ben');
  expect(await adds(asActor(ben), ana.id)).toMatchObject({ code: 'forbidden' });
  expect(asked).toBe(0);
});

it('an admin hears what kind of address it is, a member only that it cannot be', async () => {
  const { person: ana } = await addPerson(stage.world, 'Ana');
  const { person: boss } = await addPerson(stage.world, 'Boss', 'admin');
  expect(JSON.stringify(await adds(asActor(ana), ana.id))).not.toMatch(/private|OUTBOUND/);
  expect(await adds(asActor(ana), ana.id)).toMatchObject({
    code: 'invalid',
    faults: [{ path: 'url', text: expect.stringContaining('an admin can find out why') }],
  });
  expect(await adds(asActor(boss), boss.id)).toMatchObject({
    faults: [{ text: 'its name leads to addresses of a private network' }],
  });
});

it('at most three names are looked up for one person at once', async () => {
  const { person: ana } = await addPerson(stage.world, 'Ana');
  const { person: ben } = await addPerson(stage.world, 'Ben');
  found = new Promise((settle) => {
    answer = settle;
  });
  const many = [0, 1, 2, 3, 4].map(() => adds(asActor(ana), ana.id));
  let refused = 0;
  for (const one of many) one.then(() => refused++);
  await until('two are refused', () => refused === 2);
  const busy = await Promise.race(many);
  expect(busy).toMatchObject({
    code: 'conflict',
    text: expect.stringContaining('looked up for you already'),
  });
  const other = adds(asActor(ben), ben.id);
  answer(undefined);
  const outcomes = await Promise.all([...many, other]);
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(4);
  expect(asked).toBe(4);
  expect(await adds(asActor(ana), ana.id)).toMatchObject({ ok: true });
});

it('is called by one line, and by nothing that means something else', async () => {
  found = Promise.resolve(undefined);
  const { person: ana } = await addPerson(stage.world, 'Ana');
  const add = (label: string) => {
    const contact = { url: 'https://ci.example.org/hook' };
    const input = { ownerId: ana.id, channel: 'webhook', contact, label };
    return addReceiver(stage.world, book, asActor(ana), input, noon);
  };
  expect(await add(' the\nbuild \u001b[31m\u202eserver ')).toMatchObject({
    ok: true,
    label: 'the build [31mserver',
  });
  expect(await add(`${'x'.repeat(59)}🔥y`)).toMatchObject({ label: `${'x'.repeat(59)}🔥` });
  expect(await add(' \n ')).toMatchObject({ code: 'invalid' });
});
