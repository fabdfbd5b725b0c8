// A place on every channel, with something real at its other end: for the laws that hold for all of them.
import { readGateway, type SmsGateway } from '../../../src/notify/sms-gateway.ts';
import type { SmtpAccount } from '../../../src/notify/smtp.ts';
import type { Contact } from '../../../src/operations/channel-book.ts';
import { type Arrived, answerAs, sender, token } from './bridges.ts';
import { openPostOffice, type PostOffice } from './post-office.ts';
import { openSink, type Received, type Sink } from './sink.ts';
import { subscriber } from './subscriber.ts';

export interface Places {
  /** What is typed on this channel to reach the place; undefined where nothing is typed. */
  contact(channel: string): Contact | undefined;
  /** What the operator has set up for them. */
  set: { mail: SmtpAccount; matrix: URL; signal: URL; waku: URL; sms: SmsGateway };
  sink: Sink;
  office: PostOffice;
  /** Takes a request as its place would, whatever is answered then. */
  takes(received: Received): { status: number; body: string };
  /** Everything that was taken at the other ends, as its reader sees it. */
  taken(): Taken[];
  /** What arrived through the bridges. */
  arrived: Arrived[];
  close(): Promise<void>;
}

/** One message as it was read; `marked`: as one that may have been read before. */
export interface Taken {
  text: string;
  marked: boolean;
}

export async function openPlaces(): Promise<Places> {
  const arrived: Arrived[] = [];
  const others: Taken[] = [];
  const phone = subscriber();
  const office = await openPostOffice();
  const takes = (received: Received) => {
    if (received.path === '/push/abc') {
      others.push(read(phone.decrypt(received.bytes)));
      return { status: 201, body: '' };
    }
    if (!received.path.startsWith('/hook?')) return answerAs(received, arrived);
    const marked = received.headers['x-tocsin-possible-repeat'] !== undefined;
    others.push({ text: received.body, marked });
    return { status: 200, body: '' };
  };
  const sink = await openSink((response, received) => {
    const { status, body } = takes(received);
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
    peer: { peer: 'github', url: `${sink.url}/github#o`, token: 'ghp_example' },
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
    office,
    takes,
    taken: () => [
      ...others,
      ...arrived.map(({ text }) => read(text)),
      ...office.mails.map(({ raw }) => read(readMail(raw))),
    ],
    arrived,
    close: async () => {
      await sink.close();
      await office.close();
    },
  };
}

const read = (text: string): Taken => ({ text, marked: text.includes('possible repeat') });

/** The plain text of a mail. */
export function readMail(raw: string): string {
  const part = /Content-Type: text\/plain[\s\S]*?\r\n\r\n([\s\S]*?)\r\n----/i.exec(raw)!;
  if (/base64/i.test(part[0].split('\r\n\r\n')[0]!)) return Buffer.from(part[1]!, 'base64').toString('utf8');
  const bytes = part[1]!
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
