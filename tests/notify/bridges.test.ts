// The bridges: what arrives at each, and what each of its own refusals means.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { About, Channel, Told } from '../../src/notify/channel.ts';
import { channelsOf } from '../../src/notify/channels/index.ts';
import { readGateway } from '../../src/notify/sms-gateway.ts';
import { border } from '../harness/border.ts';
import { openPlaces, type Places } from './stand-ins/places.ts';

let places: Places;
let channels: Channel[];
beforeAll(async () => {
  places = await openPlaces();
  channels = channelsOf({ ...border, ...places.set } as never);
});
afterAll(() => places.close());
beforeEach(() => {
  places.arrived.length = 0;
  places.sink.forget();
});

const now = Date.UTC(2026, 5, 10, 8);
const about: About = {
  id: 42,
  kind: 'firing',
  severity: 'critical',
  attempt: 1,
  firstTry: null,
  createdAt: now,
  alert: null,
  open: 0,
  transition: null,
};
const told: Told = {
  sign: '🔴',
  severity: 'critical',
  title: 'Disk nearly full: /home <@everyone> & @all',
  lines: [['97 %, limit 90'], ['Since ', { instant: now, show: 'clock' }]],
  fields: [['host', 'cad1']],
  buttons: [],
  silent: false,
  mark: 'possible repeat, first try 07:59:11',
};
let number = 100;
const tell = (name: string, contact = places.contact(name)!) =>
  channels
    .find((channel) => channel.name === name)!
    .deliver(told, 'v_1', { zone: 'Europe/Berlin', now, contact, about: { ...about, id: number++ } });

const names = ['ntfy', 'mattermost', 'matrix', 'signal', 'waku', 'sms'];

describe.each(names)('%s', (name) => {
  it('tells the mark, what, the value and since when', async () => {
    expect(await tell(name)).toMatchObject({ is: 'sent' });
    const [one] = places.arrived;
    for (const part of ['🔴', 'Disk nearly full: /home', '97 %, limit 90', '10:00', 'possible repeat'])
      expect(one!.text).toContain(part);
    expect(one!.text).not.toMatch(/@all|@everyone/);
    expect(one!.text.includes('cad1')).toBe(name !== 'sms');
  });

  it.each([
    [500, 'unknown'],
    [503, 'unknown'],
    [429, 'retry'],
    [418, 'refused'],
  ])('takes HTTP %i for “%s”, and never gives the place up for it', async (status, is) => {
    places.sink.next(status);
    const outcome = await tell(name);
    expect(outcome.is).toBe(is);
    expect(outcome).not.toMatchObject({ disables: true });
  });

  it('is unknown when the answer is cut, and surely not received when nobody listens', async () => {
    places.sink.next((response) => void response.destroy());
    expect(await tell(name)).toMatchObject({ is: 'unknown' });
  });

  it('keeps neither words nor address in the log', async () => {
    places.sink.next((response, received) =>
      response.writeHead(400).end(`${received.body} ${received.path}`),
    );
    const outcome = JSON.stringify(await tell(name));
    for (const value of Object.values(places.contact(name)!)) expect(outcome).not.toContain(String(value));
    expect(JSON.parse(outcome).exchange.request.body).toBe('');
  });
});

describe('in their own words', () => {
  const url = () => places.sink.url;
  it.each([
    ['ntfy', () => ({ url: `${url()}/ntfy/protected` }), { is: 'refused', disables: true }],
    ['ntfy', () => ({ url: `${url()}/ntfy/protected`, token: 'tk_good' }), { is: 'sent' }],
    ['mattermost', () => ({ url: `${url()}/hooks/gone` }), { is: 'refused', disables: true }],
    ['matrix', () => ({ room: '!other:example.org' }), { is: 'refused', disables: true }],
    ['signal', () => ({ number: '+490000000' }), { is: 'refused', disables: true }],
  ])('%s', async (name, contact, expected) => {
    expect(await tell(name, contact())).toMatchObject(expected);
  });

  const saying = (status: number, body: object | string) => () =>
    places.sink.next((response) =>
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body)),
    );
  it.each([
    [
      'matrix',
      saying(429, { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 2500 }),
      { is: 'retry', afterMs: 2500, pauses: 'channel' },
    ],
    ['matrix', saying(401, { errcode: 'M_UNKNOWN_TOKEN' }), { is: 'retry', pauses: 'channel' }],
    ['signal', saying(400, { error: 'Rate limit exceeded' }), { is: 'retry', pauses: 'channel' }],
    ['waku', saying(503, 'Failed to publish: no peers for topic'), { is: 'retry', pauses: 'channel' }],
    ['sms', saying(200, '{"status":"rejected"}'), { is: 'refused', disables: false }],
    ['sms', saying(401, 'key?'), { is: 'retry', pauses: 'channel' }],
    ['ntfy', saying(200, 'a page of a proxy'), { is: 'sent' }],
  ])('%s says later or never', async (name, say, expected) => {
    say();
    expect(await tell(name)).toMatchObject(expected);
  });

  it('Matrix tells a repeat once', async () => {
    const matrix = channels.find(({ name }) => name === 'matrix')!;
    const how = { zone: 'UTC', now, contact: places.contact('matrix')!, about: { ...about, id: 7777 } };
    await matrix.deliver(told, 'v_1', how);
    await matrix.deliver(told, 'v_1', { ...how, about: { ...how.about, attempt: 2 } });
    expect(places.arrived).toHaveLength(1);
  });
});

describe('the text message gateway', () => {
  const values = { to: '+491701234567', text: 'a&b "c" {to}\n', id: 'msg_1' };
  it.each([
    ['a form', { body: 'to={to}&text={text}' }, 'to=%2B491701234567&text=a%26b%20%22c%22%20%7Bto%7D%0A'],
    [
      'JSON',
      { body: '{"to":"{to}","text":"{text}"}' },
      '{"to":"+491701234567","text":"a&b \\"c\\" {to}\\n"}',
    ],
  ])('fills %s without letting the text out of its place', (_, more, body) => {
    const read = readGateway(JSON.stringify({ url: 'https://sms.example/send', ...more }));
    expect(read.ok && read.gateway.fill(values).asking.body).toBe(body);
  });

  it('fills an address', () => {
    const read = readGateway(
      JSON.stringify({ url: 'https://sms.example/?to={to}&text={text}', method: 'GET' }),
    );
    expect(read.ok && read.gateway.fill(values).url).toBe(
      'https://sms.example/?to=%2B491701234567&text=a%26b%20%22c%22%20%7Bto%7D%0A',
    );
  });

  it.each([
    ['nonsense', 'not JSON'],
    ['{"url":"ftp://x"}', 'must begin with'],
    ['{"url":"https://x/{to}"}', 'must hold {to} and {text}'],
    ['{"url":"https://x/{to}{text}","more":1}', 'more'],
  ])('%s is refused', (text, why) => {
    const read = readGateway(text);
    expect(read.ok ? '' : read.wrong).toContain(why);
  });
});
