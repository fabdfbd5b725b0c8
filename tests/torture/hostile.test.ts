// Hostile input through the whole program: odd JSON, naughty strings in every field and name, random bodies.
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { besiege, expectSaid, type Siege, visible } from './hostile.ts';
import { naughty } from './naughty-strings.ts';
import { refused, taken } from './raw-bodies.ts';

let siege: Siege;
beforeEach(async () => {
  siege = await besiege();
});
afterEach(() => siege.stop());

const everything = (topic: string, name = topic) => ({ name, topic, kind: 'every' });
const threshold = (topic: string, name: string) => ({
  name,
  topic,
  kind: 'threshold',
  params: { field: 'usage', op: '>', limit: 90 },
});
const short = naughty.map((text) => text.slice(0, 200));
const shown = visible;

it('raw bodies are refused with a reason, or are events like any other', async () => {
  const { world, send } = siege;
  await world.makesRule(world.ana, everything('**'));
  expect(refused.length + taken.length).toBeGreaterThanOrEqual(150);
  for (const body of refused) {
    const { status, text } = await send(body);
    expect(status, String(body).slice(0, 200)).toBeGreaterThanOrEqual(400);
    expect(JSON.parse(text).detail, String(body).slice(0, 200)).toMatch(/\w/);
  }
  expect(siege.accepted()).toBe(0);
  for (const body of taken) {
    const { status, text } = await send(body);
    expect(status, `${String(body).slice(0, 200)} → ${text}`).toBe(202);
    await world.settle();
  }
  // The other formats see the same, and never break either.
  for (const body of [...refused, ...taken])
    for (const format of ['cloudevents', 'alertmanager']) await send(body, `/v1/in/${format}`);
  await siege.allIsWell();
  const told = world.telegram.messages(world.ana.id).filter(({ fromBot }) => fromBot);
  expect(told.length).toBeGreaterThan(taken.length);
}, 300_000);

it('naughty strings in every field of an event are told as they are', async () => {
  const { world, send, takes } = siege;
  await world.makesRule(world.ana, everything('odd.every'));
  await world.makesRule(world.ana, threshold('odd.number', 'Naughty number'));
  await world.makesRule(world.ana, {
    name: 'Naughty state',
    topic: 'odd.state',
    kind: 'change',
    params: { field: 'state' },
  });
  for (const [i, text] of naughty.entries()) {
    const [name, long, mark] = [short[i]!, text.slice(0, 500), { nr: `n${i}` }];
    const named = visible(name) === '' ? `x${name}${i}` : name;
    // One copy in full: an event has at most 256 KB.
    const inData = { [name]: long, summary: text, description: long, deep: { [name]: [long] } };
    // As it is, too long or not; then what everybody may send.
    await send(JSON.stringify({ type: 'odd.raw', id: text, subject: text, labels: { [text]: text } }));
    for (const field of ['type', 'time', 'severity', 'status', 'data', 'labels', 'fingerprint', text])
      await send(JSON.stringify({ type: 'odd.raw', [field]: text }));
    await takes({
      type: 'odd.every',
      id: named,
      source: named,
      subject: long,
      fingerprint: named,
      severity: 'critical',
      status: 'firing',
      labels: { ...mark, [named.slice(0, 90)]: text.slice(0, 1000) },
      data: inData,
    });
    const number = { type: 'odd.number', source: named, subject: long, labels: { ...mark, host: long } };
    await takes({ ...number, data: { usage: 95, [name]: text } });
    await takes({ ...number, data: { usage: 50 } });
    const state = { type: 'odd.state', subject: `s${i}`, labels: mark };
    await takes({ ...state, data: { state: 'calm' } });
    await takes({ ...state, data: { state: text } });
  }
  await world.advance('1h');
  const told = world.telegram
    .messages(world.ana.id)
    .filter(({ fromBot, text }) => fromBot && text.includes('nr: n'))
    .map(({ text, history }) => ({ lines: text.split('\n'), first: history[0]?.text.split('\n') }));
  for (const [i, text] of naughty.entries()) {
    const mine = told.filter(({ lines }) => lines.some((line) => line === `nr: n${i}`));
    const find = (start: string) => {
      const found = mine.find(({ first, lines }) => (first ?? lines)[0]!.includes(start));
      expect(found, `${start}, ${JSON.stringify(text.slice(0, 60))}`).toBeDefined();
      return found!;
    };
    const number = find('Naughty number');
    expectSaid(number.first![0]!, '🟠 Naughty number: ', text.slice(0, 500));
    expect(number.lines[0]).toMatch(/^✅ .* is over$/su);
    const state = find('Naughty state');
    expectSaid(state.lines[1]!, '', `calm → ${text.slice(0, 256)}`.replace(/([^.!?…])$/, '$1.'));
    const every = mine.find((one) => one !== number && one !== state)!;
    const title = shown(text) === '' ? 'every' : text;
    // The subject is the title here, and is not said twice; where one of them was cut, both are there.
    expectSaid(
      every.lines[0]!.split(': ')
        .slice(0, 1 + title.split(': ').length - 1)
        .join(': '),
      '🔴 ',
      title,
    );
  }
  expect(told).toHaveLength(3 * naughty.length);
  await siege.allIsWell();
}, 600_000);
