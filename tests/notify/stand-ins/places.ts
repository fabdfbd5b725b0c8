// A place on every channel, with something real at its other end: for the laws that hold for all of them.

import { readGateway, type SmsGateway } from '../../../src/notify/sms-gateway.ts';
import type { SmtpAccount } from '../../../src/notify/smtp.ts';
import type { Contact } from '../../../src/operations/channel-book.ts';
import { type Arrived, answerAs, sender, token } from './bridges.ts';
import { openPostOffice } from './post-office.ts';
import { openSink, type Sink } from './sink.ts';
import { subscriber } from './subscriber.ts';

export interface Places {
  /** What is typed on this channel to reach the place; undefined where nothing is typed. */
  contact(channel: string): Contact | undefined;
  /** What the operator has set up for them. */
  set: { mail: SmtpAccount; matrix: URL; signal: URL; waku: URL; sms: SmsGateway };
  sink: Sink;
  /** What arrived through the bridges. */
  arrived: Arrived[];
  close(): Promise<void>;
}

export async function openPlaces(): Promise<Places> {
  const arrived: Arrived[] = [];
  const phone = subscriber();
  const office = await openPostOffice();
  const sink = await openSink((response, received) => {
    if (received.path === '/push/abc') return void response.writeHead(201).end();
    if (received.path.startsWith('/hook?')) return void response.writeHead(200).end();
    const { status, body } = answerAs(received, arrived);
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  const contacts: Record<string, Contact> = {
    browser: { endpoint: `${sink.url}/push/abc`, p256dh: phone.p256dh, auth: phone.auth },
    email: { address: 'ana@example.org' },
    webhook: { url: `${sink.url}/hook?x` },
    ntfy: { url: `${sink.url}/ntfy/ana-alerts-x7` },
    mattermost: { url: `${sink.url}/hooks/abc123` },
    matrix: { room: '!abc123:example.org' },
    signal: { number: '+491701234567' },
    waku: { topic: '/tocsin/1/ana-alerts-x7/json' },
    sms: { number: '+491701234567' },
  };
  const gateway = readGateway(
    JSON.stringify({
      url: `${sink.url}/sms`,
      headers: { 'x-api-key': 'sms-secret' },
      body: 'to={to}&text={text}&ref={id}',
      success: '"queued"',
    }),
  );
  if (!gateway.ok) throw new Error(gateway.wrong);
  const host = sink.url.slice('http://'.length);
  return {
    contact: (channel) => contacts[channel],
    set: {
      mail: { url: office.url, from: 'Tocsin <alerts@example.org>' },
      matrix: new URL(`http://:${token}@${host}`),
      signal: new URL(`http://${encodeURIComponent(sender)}@${host}/signal`),
      waku: new URL(`http://${host}/waku/`),
      sms: gateway.gateway,
    },
    sink,
    arrived,
    close: async () => {
      await sink.close();
      await office.close();
    },
  };
}
