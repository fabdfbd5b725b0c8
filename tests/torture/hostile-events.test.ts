// Naughty strings in every field of what other systems send: told as they are, and nothing breaks.
// All of them as an event that is told; the worst also as states, as numbers that begin and end, and in two formats.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { besiege, expectSaid, manyAtOnce, type Siege, visible } from './hostile.ts';
import { naughty, worst } from './naughty-strings.ts';

let siege: Siege;
beforeEach(async () => {
  siege = await besiege();
});
afterEach(() => siege.stop());

const canBeSeen = /[^\p{Cc}\p{Cf}\p{Z}]/u;
const everything = (topic: string, name = topic) => ({ name, topic, kind: 'every' });
const threshold = (topic: string, name: string) => ({
  name,
  topic,
  kind: 'threshold',
  params: { field: 'usage', op: '>', limit: 90 },
});
/** So many share what is told. */
const crowd = 16;
const isWorst = new Set(worst);
const short = naughty.map((text) => text.slice(0, 200));

it('naughty strings in every field of an event are told as they are', async () => {
  expect(naughty.length).toBeGreaterThanOrEqual(500);
  const { world, send, takesAll } = siege;
  const people = await siege.listeners(crowd);
  for (const [p, person] of people.entries()) {
    await world.makesRule(person, everything(`odd.every.p${p}`, 'odd.every'));
    await world.makesRule(person, threshold(`odd.number.p${p}`, 'Naughty number'));
    await world.makesRule(person, {
      name: 'Naughty state',
      topic: `odd.state.p${p}`,
      kind: 'change',
      params: { field: 'state' },
    });
  }
  // As it is, too long or not; then what everybody may send.
  await manyAtOnce(naughty, (text) =>
    send(JSON.stringify({ type: 'odd.raw', id: text, subject: text, labels: { [text]: text } })),
  );
  await manyAtOnce(worst, async (text) => {
    for (const field of ['type', 'time', 'severity', 'status', 'data', 'labels', 'fingerprint', text])
      await send(JSON.stringify({ type: 'odd.raw', [field]: text }));
  });
  const [begins, ends]: [object[], object[]] = [[], []];
  for (const [i, text] of naughty.entries()) {
    const [name, long, mark, p] = [short[i]!, text.slice(0, 500), { nr: `n${i}` }, `p${i % crowd}`];
    const named = visible(name) === '' ? `x${name}${i}`.slice(-200) : name;
    begins.push({
      type: `odd.every.${p}`,
      id: `${i}${named}`.slice(0, 200),
      source: named,
      subject: long,
      fingerprint: `${i}${named}`.slice(0, 200),
      severity: 'critical',
      status: 'firing',
      labels: { ...mark, [named.slice(0, 90)]: text.slice(0, 1000) },
      // One copy in full: an event has at most 256 KB.
      data: { [name]: long, summary: text, description: long, deep: { [name]: [long] } },
    });
    if (!isWorst.has(text)) continue;
    const number = {
      type: `odd.number.${p}`,
      source: `${i}${named}`.slice(0, 200),
      subject: long,
      labels: { ...mark, host: long },
    };
    const state = { type: `odd.state.${p}`, subject: `s${i}`, labels: mark };
    begins.push(
      { ...number, data: { usage: 95, [name]: text } },
      { ...state, data: { state: 'calm' } },
      { ...state, data: { state: text } },
    );
    ends.push({ ...number, data: { usage: 50 } });
  }
  await takesAll(begins);
  await world.advance('1h');
  await takesAll(ends);
  await world.advance('1h');
  const told = siege
    .saidTo(people)
    .filter(({ text }) => text.includes('nr: n'))
    .map(({ text, history }) => ({ lines: text.split('\n'), first: history[0]?.text.split('\n') }));
  for (const [i, text] of naughty.entries()) {
    const mine = told.filter(({ lines }) => lines.some((line) => line === `nr: n${i}`));
    const find = (start: string) => {
      const found = mine.find(({ first, lines }) => (first ?? lines)[0]!.includes(start));
      expect(found, `${start}, ${JSON.stringify(text.slice(0, 60))}`).toBeDefined();
      return found!;
    };
    if (isWorst.has(text)) {
      const number = find('Naughty number');
      expectSaid(number.first![0]!, '🟠 Naughty number: ', text.slice(0, 500));
      expect(number.lines[0]).toMatch(/^✅ .* is over$/su);
      const state = find('Naughty state');
      expectSaid(
        state.lines[1]!,
        '',
        `calm → ${text.replaceAll('\u0000', '').slice(0, 256)}`.trim().replace(/([^.!?…])$/, '$1.'),
      );
      mine.splice(mine.indexOf(number), 1);
      mine.splice(mine.indexOf(state), 1);
    }
    expect(mine, JSON.stringify(text.slice(0, 60))).toHaveLength(1);
    const every = mine[0]!;
    // Without a title of its own it is called as its rule.
    const title = canBeSeen.test(text) ? text : 'odd.every';
    // The subject is the title here, and is not said twice; where one of them was cut, both are there.
    expectSaid(
      every.lines[0]!.split(': ')
        .slice(0, 1 + title.split(': ').length - 1)
        .join(': '),
      '🔴 ',
      title,
    );
  }
  expect(told).toHaveLength(naughty.length + 2 * worst.length);
  await siege.allIsWell();
}, 600_000);

it('naughty Alertmanager alerts and CloudEvents', async () => {
  const { world, takes, send } = siege;
  const people = await siege.listeners(crowd);
  for (const [p, person] of people.entries())
    for (const topic of ['alertmanager.**', 'cloud.**'])
      await world.makesRule(person, { ...everything(topic), match: [`who = "p${p}"`] });
  // Each stands in an alert many times, and an event has at most 256 KB.
  const texts = worst.map((text) => text.slice(0, 8_000));
  await manyAtOnce(texts, async (text, i) => {
    const who = `p${i % crowd}`;
    const well = Buffer.from(text.slice(0, 500)).toString();
    const alert = {
      status: 'firing',
      labels: { nr: `n${i}`, who, alertname: text, instance: text, severity: text, [text]: text },
      annotations: { summary: text, description: text, [text]: text },
      startsAt: text,
      endsAt: text,
      generatorURL: text,
      fingerprint: text,
    };
    await takes({ version: '4', groupKey: text, externalURL: text, alerts: [alert] }, '/v1/in/alertmanager');
    await takes(
      { version: '4', alerts: [{ ...alert, status: 'resolved', fingerprint: `${text}${i}` }] },
      '/v1/in/alertmanager',
    );
    const attributes = {
      specversion: '1.0',
      type: `cloud.${text.slice(0, 100)}`,
      subject: text.slice(0, 500),
    };
    const named = { id: `c${i}`, source: `${i}${text}`.slice(0, 200), nr: `n${i}`, who };
    await takes({ ...attributes, ...named, data: { summary: text, [text]: text } }, '/v1/in/cloudevents');
    const coded = encodeURIComponent(well);
    const headers = Object.fromEntries(
      ['id', 'source', 'type', 'subject', 'time', 'severity', 'ext'].map((name) => [`ce-${name}`, coded]),
    );
    await send(JSON.stringify(text), '/v1/events', { 'ce-specversion': '1.0', ...headers });
    await send(JSON.stringify({ [text]: text }), '/v1/events', {
      ...headers,
      'ce-specversion': '1.0',
      'ce-id': `b${i}`,
      'ce-source': 'odd',
      'ce-type': 'cloud.binary',
      'ce-time': '2026-05-04T10:00:00Z',
      'ce-severity': 'critical',
      'ce-who': who,
    });
  });
  await world.advance('1h');
  const told = siege.saidTo(people);
  for (const [i, text] of texts.entries()) {
    const mine = told.filter(({ text: said }) => said.split('\n').includes(`nr: n${i}`));
    expect(mine.length, JSON.stringify(text.slice(0, 60))).toBeGreaterThanOrEqual(2);
    for (const { text: said } of mine)
      if (visible(text) !== '')
        expect(visible(said.split('\n')[0]!), JSON.stringify(text.slice(0, 60))).toContain(
          visible(text.trim().slice(0, 100))
            .slice(0, 60)
            .replace(/\ufffd$/, ''),
        );
  }
  await siege.allIsWell();
}, 600_000);
