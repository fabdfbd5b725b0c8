// Hostile input through the whole program: odd JSON, naughty strings in every field and name, random bodies.
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { formats } from '#ingest/formats/index.ts';
import { besiege, expectSaid, type Siege, visible } from './hostile.ts';
import { naughty } from './naughty-strings.ts';
import { refused, taken } from './raw-bodies.ts';

const canBeSeen = /[^\p{Cc}\p{Cf}\p{Z}]/u;
let siege: Siege;
beforeEach(async () => {
  siege = await besiege();
});
afterEach(() => siege.stop());

/** What the other system sends beside its body, so that its format looks further. */
const headersOf = (name: string) => formats.find((format) => format.name === name)?.example.headers ?? {};
const everything = (topic: string, name = topic) => ({ name, topic, kind: 'every' });
const threshold = (topic: string, name: string) => ({
  name,
  topic,
  kind: 'threshold',
  params: { field: 'usage', op: '>', limit: 90 },
});
const short = naughty.map((text) => text.slice(0, 200));

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
  }
  await world.advance('1h');
  // The other formats see the same, and never break either.
  for (const body of [...refused, ...taken])
    for (const { name } of formats) await send(body, `/v1/in/${name}`, headersOf(name));
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
  const ends: object[] = [];
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
      id: `${i}${named}`.slice(0, 200),
      source: named,
      subject: long,
      fingerprint: `${i}${named}`.slice(0, 200),
      severity: 'critical',
      status: 'firing',
      labels: { ...mark, [named.slice(0, 90)]: text.slice(0, 1000) },
      data: inData,
    });
    const number = {
      type: 'odd.number',
      source: `${i}${named}`.slice(0, 200),
      subject: long,
      labels: { ...mark, host: long },
    };
    await takes({ ...number, data: { usage: 95, [name]: text } });
    const state = { type: 'odd.state', subject: `s${i}`, labels: mark };
    await takes({ ...state, data: { state: 'calm' } });
    await takes({ ...state, data: { state: text } });
    ends.push({ ...number, data: { usage: 50 } });
  }
  await world.advance('1h');
  for (const end of ends) await takes(end);
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
    expectSaid(
      state.lines[1]!,
      '',
      `calm → ${text.replaceAll('\u0000', '').slice(0, 256)}`.trim().replace(/([^.!?…])$/, '$1.'),
    );
    const every = mine.find((one) => one !== number && one !== state)!;
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
  expect(told).toHaveLength(3 * naughty.length);
  await siege.allIsWell();
}, 600_000);

it('naughty names of people, groups and rules, naughty lines and plain talk', async () => {
  const { world, takes } = siege;
  const { telegram } = world;
  // A few at a time: Telegram takes thirty messages a second.
  for (let from = 0; from < naughty.length; from += 10) {
    const few = naughty.slice(from, from + 10).map((text, place) => {
      const [i, name] = [from + place, text.slice(0, 64)];
      const person = telegram.person(9_000 + i, { first_name: name });
      const group = telegram.group(-9_000 - i, text.slice(0, 128));
      // What Telegram leaves of a typed line.
      const quoted = text.slice(0, 90).replace(/["\r]/g, '').replaceAll('\u0000', ' ');
      return { i, text, name, person, group, quoted };
    });
    for (const { name, person, group } of few) {
      await world.enrols({ ...world.ana, id: person.id, name });
      group.join(person);
      group.addBot(person);
    }
    await world.advance('5s');
    for (const { i, person, group, quoted } of few) {
      const escaped = quoted.replaceAll('\\', '\\\\');
      person.say(`/watch odd.t${i} usage > 90 named "${escaped}"`, { chat: group.id });
    }
    await world.advance('5s');
    for (const { i } of few) await takes({ type: `odd.t${i}`, subject: 'disk', data: { usage: 95 } });
    await world.advance('5s');
    const burning = few.flatMap((one) => {
      const alert = one.person.seen(one.group.id).find(({ text }) => text.startsWith('🟠'));
      // Only a name of nothing is no name.
      if (!alert) expect(one.quoted.trim(), JSON.stringify(one.quoted)).toBe('');
      return alert ? [{ ...one, alert }] : [];
    });
    const pressed = burning.map(({ person, group }) =>
      person.press('Acknowledge', { chat: group.id, timeout: 60_000 }),
    );
    await world.advance('5s');
    await Promise.all(pressed);
    for (const { name, person, group, quoted, alert } of burning) {
      const line = alert.text.split('\n')[0]!.replace(/: disk$/, '');
      if (visible(quoted) !== '') expectSaid(line, '🟠 ', quoted);
      const now = person.seen(group.id).find(({ message_id }) => message_id === alert.message_id)!;
      const by = /Acknowledged by (.*), [^,]*$/mu.exec(now.text)?.[1];
      expect(by, `${JSON.stringify(name)}: ${now.text}`).toBeDefined();
      if (visible(name) !== '') expectSaid(by!, '', name);
    }
    for (const before of [
      '',
      '/watch ',
      '/watch odd.** where a = ',
      '/',
      '/silence ',
      '/quiet ',
      '/start ',
    ]) {
      for (const { person, text } of few) person.say(`${before}${text}`.slice(0, before ? 4096 : 100_000));
      await world.advance('5s');
    }
  }
  await siege.allIsWell();
}, 600_000);

it('naughty Alertmanager alerts and CloudEvents', async () => {
  const { world, takes, send } = siege;
  await world.makesRule(world.ana, everything('alertmanager.**'));
  await world.makesRule(world.ana, everything('cloud.**'));
  // Each stands in an alert many times, and an event has at most 256 KB.
  const texts = naughty.map((text) => text.slice(0, 8_000));
  for (const [i, text] of texts.entries()) {
    const well = Buffer.from(text.slice(0, 500)).toString();
    const alert = {
      status: 'firing',
      labels: { nr: `n${i}`, alertname: text, instance: text, severity: text, [text]: text },
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
    const named = { id: `c${i}`, source: `${i}${text}`.slice(0, 200), nr: `n${i}` };
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
    });
  }
  await world.advance('1h');
  const told = world.telegram.messages(world.ana.id).filter(({ fromBot }) => fromBot);
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

it('2,400 random bodies', async () => {
  const { world, send } = siege;
  await world.makesRule(world.ana, everything('fc.told'));
  const text = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.constantFrom(...short, ''),
  );
  const some = fc.oneof(
    fc.jsonValue({ maxDepth: 5 }),
    fc.record(
      {
        type: fc.constantFrom('fc.told', 'fc.told', 'fc.told', 'fc.other', 'x y'),
        id: text,
        source: text,
        subject: text,
        data: fc.dictionary(text, fc.jsonValue({ maxDepth: 3 })),
        labels: fc.dictionary(text, fc.oneof(text, fc.double(), fc.boolean())),
        severity: fc.constantFrom('info', 'critical', 'warning', 'odd'),
        status: fc.constantFrom('firing', 'resolved'),
        fingerprint: text,
      },
      { requiredKeys: ['type'] },
    ),
    fc.record({
      version: fc.constant('4'),
      alerts: fc.array(
        fc.record(
          {
            status: fc.constantFrom('firing', 'resolved'),
            labels: fc.dictionary(text, text),
            annotations: fc.jsonValue(),
          },
          { requiredKeys: ['status', 'labels'] },
        ),
        { maxLength: 4 },
      ),
    }),
    fc.record(
      {
        specversion: fc.constant('1.0'),
        id: text,
        source: text,
        type: text,
        data: fc.jsonValue(),
        time: text,
      },
      { requiredKeys: ['specversion', 'id', 'source', 'type'] },
    ),
  );
  const paths = formats.map(({ name }) => `/v1/in/${name}`);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ weight: 4, arbitrary: some }, { weight: 1, arbitrary: fc.array(some, { maxLength: 5 }) }),
      fc.constantFrom(...paths, ...Array<string>(8).fill('/v1/events')),
      async (body, path) => void (await send(JSON.stringify(body), path, headersOf(path.split('/').at(-1)!))),
    ),
    { numRuns: 2_400, seed: 20261121 },
  );
  expect(siege.accepted()).toBeGreaterThan(200);
  await siege.allIsWell();
}, 300_000);
