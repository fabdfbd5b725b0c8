// Uptime Kuma's webhook notification (application/json): a monitor that went down or came back.
import type { EventStatus, NewEvent } from '#core/event.ts';
import { readTime } from '#core/instant.ts';
import type { Json } from '#core/json.ts';
import { own } from '#core/own.ts';
import { isRecord } from '../fields.ts';
import { factsOf, labelsOf, nameOfParts, subjectOf, textAt, topicOf, valueAt } from '../foreign.ts';
import { type Format, parsed } from '../format.ts';

const statuses: Record<string, EventStatus> = { '0': 'firing', '1': 'resolved' };
const words: Record<string, string> = { '0': 'down', '1': 'up', '2': 'pending', '3': 'maintenance' };

// As server/notification-providers/webhook.js of Uptime Kuma 1.23 sends it, shortened to what says something.
const body = {
  heartbeat: {
    monitorID: 1,
    status: 0,
    time: '2024-03-05 09:14:21.347',
    msg: 'connect ECONNREFUSED 192.168.1.20:443',
    important: true,
    duration: 60,
    ping: null,
    timezone: 'Europe/Berlin',
    timezoneOffset: '+01:00',
    localDateTime: '2024-03-05 10:14:21',
  },
  monitor: {
    id: 1,
    name: 'Home page',
    pathName: 'Web / Home page',
    type: 'http',
    url: 'https://www.example.org',
    hostname: null,
    port: null,
    maxretries: 3,
    interval: 60,
    tags: [{ tag_id: 1, monitor_id: 1, value: 'prod', name: 'env', color: '#DC2626' }],
  },
  msg: '[Home page] [🔴 Down] connect ECONNREFUSED 192.168.1.20:443',
};

export const uptimeKuma: Format = {
  name: 'uptime-kuma',
  title: 'Uptime Kuma',
  translates: true,
  example: { body },
  parse(body, { source }) {
    if (!isRecord(body) || textAt(body, 'msg', 'heartbeat.msg', 'monitor.name') === undefined)
      return {
        ok: false,
        faults: [{ path: 'msg', text: 'is missing; choose “application/json” as the webhook’s body' }],
      };
    return parsed([{ at: '', event: toEvent(body, source.name) }], []);
  },
};

function toEvent(body: Json, source: string): NewEvent {
  const name = textAt(body, 'monitor.pathName', 'monitor.name');
  const state = textAt(body, 'heartbeat.status');
  const monitor = textAt(body, 'monitor.id', 'heartbeat.monitorID');
  const status = monitor === undefined ? undefined : own(statuses, state);
  const time = timeOf(textAt(body, 'heartbeat.time'));
  return {
    source,
    // Without a monitor: its own test, or a certificate that ends soon.
    type: topicOf('uptime-kuma', textAt(body, 'monitor.type') ?? 'notice', textAt(body, 'monitor.name')),
    subject: subjectOf(name ?? ''),
    data: factsOf({
      summary: (status && name) ?? textAt(body, 'msg') ?? name,
      description: textAt(body, 'heartbeat.msg'),
      state: own(words, state),
      ping: valueAt(body, 'heartbeat.ping'),
      url: addressOf(body),
    }),
    labels: labelsOf({ monitor: name, type: textAt(body, 'monitor.type'), ...tagsOf(body) }),
    severity: status === 'firing' ? 'critical' : 'info',
    ...(time !== undefined && { time }),
    ...(status && { status, fingerprint: nameOfParts('monitor', monitor) }),
  };
}

function addressOf(body: Json): string | undefined {
  const host = textAt(body, 'monitor.hostname');
  const port = textAt(body, 'monitor.port');
  if (host !== undefined) return port === undefined ? host : `${host}:${port}`;
  return textAt(body, 'monitor.url');
}

function tagsOf(body: Json): Record<string, string> {
  const tags = valueAt(body, 'monitor.tags');
  if (!Array.isArray(tags)) return {};
  return Object.fromEntries(
    tags.flatMap((tag) => {
      const name = textAt(tag, 'name');
      return name === undefined ? [] : [[name, textAt(tag, 'value') ?? 'true']];
    }),
  );
}

// Kuma's database writes UTC without saying so.
function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const read = readTime(`${text.replace(' ', 'T')}Z`);
  return read.ok ? read.time : undefined;
}
