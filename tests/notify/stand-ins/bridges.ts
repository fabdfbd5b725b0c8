// The other ends of the bridges, small and strict, written from what each says of its interface in public.
import type { Received } from './sink.ts';

export interface Reply {
  status: number;
  body: string;
}
const reply = (status: number, value: unknown): Reply => ({
  status,
  body: typeof value === 'string' ? value : JSON.stringify(value),
});

/** What arrived, by messenger, as a person there would see it. */
export type Arrived = { at: string; text: string };

export const token = 'syt_secret_token';
export const sender = '+4930123456';

/** Answers a well-formed request as its messenger does, and keeps what arrived; a wrong one gets the messenger's refusal. */
export function answerAs(received: Received, arrived: Arrived[]): Reply {
  const { path } = received;
  if (path === '/ntfy/') return ntfy(received, arrived);
  if (path.startsWith('/hooks/')) return mattermost(received, arrived);
  if (path.startsWith('/_matrix/')) return matrix(received, arrived);
  if (path === '/signal/v2/send') return signal(received, arrived);
  if (path === '/waku/relay/v1/auto/messages') return waku(received, arrived);
  if (path.startsWith('/sms')) return sms(received, arrived);
  return reply(404, 'not here');
}

function ntfy({ method, body, headers }: Received, arrived: Arrived[]): Reply {
  const { topic, message, title, priority, ...more } = JSON.parse(body);
  if (method !== 'POST' || Object.keys(more).length > 0)
    return reply(400, { code: 40024, error: 'invalid request' });
  if (!/^[-_A-Za-z0-9]{1,64}$/.test(topic)) return reply(400, { code: 40009, error: 'invalid topic' });
  if (topic === 'protected' && headers.authorization !== 'Bearer tk_good')
    return reply(403, { code: 40301, error: 'forbidden' });
  if (!(priority >= 1 && priority <= 5) || Buffer.byteLength(message) > 4096)
    return reply(400, { code: 40007 });
  arrived.push({ at: topic, text: `${title}\n${message}` });
  return reply(200, { id: 'sPs71M8A2T', time: 1643935928, event: 'message', topic });
}

function mattermost({ path, body, headers }: Received, arrived: Arrived[]): Reply {
  const { text, ...more } = JSON.parse(body);
  if (!/^application\/json/.test(headers['content-type'] ?? '')) return reply(400, 'invalid_payload');
  if (typeof text !== 'string' || text === '' || Object.keys(more).length > 0) return reply(400, 'no_text');
  if (path !== '/hooks/abc123') return reply(404, 'no_service');
  arrived.push({ at: path, text });
  return reply(200, 'ok');
}

const transactions = new Map<string, string>();
function matrix({ method, path, body, headers }: Received, arrived: Arrived[]): Reply {
  if (headers.authorization !== `Bearer ${token}`)
    return reply(401, { errcode: 'M_UNKNOWN_TOKEN', error: 'Unknown token' });
  const [, room, transaction] =
    /^\/_matrix\/client\/v3\/rooms\/([^/]+)\/send\/m\.room\.message\/([^/?]+)$/.exec(path) ?? [];
  if (method !== 'PUT' || !room || !transaction)
    return reply(404, { errcode: 'M_UNRECOGNIZED', error: 'no' });
  const { msgtype, body: text } = JSON.parse(body);
  if (!['m.text', 'm.notice'].includes(msgtype) || typeof text !== 'string')
    return reply(400, { errcode: 'M_BAD_JSON' });
  if (decodeURIComponent(room) !== '!abc123:example.org')
    return reply(403, { errcode: 'M_FORBIDDEN', error: 'not in the room' });
  const known = transactions.get(`${path}`);
  if (!known) arrived.push({ at: room, text });
  transactions.set(path, known ?? `$event${transactions.size}`);
  return reply(200, { event_id: transactions.get(path) });
}

function signal({ method, body }: Received, arrived: Arrived[]): Reply {
  const { message, number, recipients } = JSON.parse(body);
  if (method !== 'POST' || number !== sender)
    return reply(400, { error: 'Specified account does not exist' });
  if (!Array.isArray(recipients) || !/^\+\d{7,15}$/.test(recipients[0]))
    return reply(400, { error: 'Invalid recipients' });
  if (recipients[0] === '+490000000')
    return reply(400, { error: 'Failed to send message: Unregistered user "+490000000"' });
  arrived.push({ at: recipients[0], text: message });
  return reply(201, { timestamp: '1748000000000' });
}

function waku({ method, body }: Received, arrived: Arrived[]): Reply {
  const { payload, contentTopic, version, timestamp } = JSON.parse(body);
  if (method !== 'POST' || typeof payload !== 'string' || version !== 0 || !(timestamp > 1e18))
    return reply(400, 'bad');
  if (!/^(\/\d+)?\/[^/]+\/[^/]+\/[^/]+\/[^/]+$/.test(contentTopic))
    return reply(400, 'Failed to publish: autosharding error');
  const { text } = JSON.parse(Buffer.from(payload, 'base64').toString('utf8'));
  arrived.push({ at: contentTopic, text });
  return reply(200, 'OK');
}

function sms({ body, headers }: Received, arrived: Arrived[]): Reply {
  const form = new URLSearchParams(body);
  if (headers['x-api-key'] !== 'sms-secret') return reply(401, 'key?');
  if (!/^\+\d{7,15}$/.test(form.get('to') ?? '') || !form.get('text')) return reply(400, 'bad');
  arrived.push({ at: form.get('to')!, text: form.get('text')! });
  return reply(200, '{"status":"queued"}');
}
