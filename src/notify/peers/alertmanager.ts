// Peer: Alertmanager. Who takes an alert over silences it there, by all of its labels; the silence ends with the alert.
// Requests as in its own description: github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml.
import type { Alert } from '#core/alert.ts';
import type { Outbound } from '#outbound/fetch.ts';
import { type Deed, jsonAsking, type Passed, type Peer, type Place, passBy, rootOf } from '../peer.ts';

/** Nobody looks after a silence that was forgotten. */
const lastsMs = 8 * 3_600_000;
/** What Tocsin makes of an alert of Prometheus besides its labels. */
const facts = new Set(['summary', 'description', 'value', 'since', 'generatorURL']);

export const alertmanager: Peer = {
  name: 'alertmanager',
  title: 'Alertmanager: a silence',
  example: 'http://127.0.0.1:9093',
  token: 'none, or user:password',
  check: (place) => ({ url: `${rootOf(place)}/api/v2/status`, headers: login(place) }),
  async pass(ask, place, deed, now) {
    const matchers = matchersOf(deed.alert);
    if (!matchers) return undefined;
    const listed = await passBy(ask, `${rootOf(place)}/api/v2/silences`, {
      headers: login(place),
      maxBytes: 4 << 20,
    });
    if (listed.fetched.is !== 'answer' || listed.fetched.status !== 200) return listed;
    const ours = silencesIn(listed.fetched.body.toString('utf8'), markOf(deed));
    if (deed.is !== 'taken') return expire(ask, place, ours, listed);
    // An attempt that was perhaps not heard of has made it already.
    if (ours.length > 0) return listed;
    const silence = {
      matchers,
      startsAt: new Date(now).toISOString(),
      endsAt: new Date(now + lastsMs).toISOString(),
      createdBy: `${deed.who ?? 'somebody'} (Tocsin)`,
      comment: `${deed.note ?? 'acknowledged'} ${markOf(deed)}`,
    };
    return passBy(ask, `${rootOf(place)}/api/v2/silences`, jsonAsking('POST', silence, login(place)));
  },
};

async function expire(ask: Outbound, place: Place, ours: string[], listed: Passed): Promise<Passed> {
  let last = listed;
  for (const id of ours) {
    last = await passBy(ask, `${rootOf(place)}/api/v2/silence/${encodeURIComponent(id)}`, {
      method: 'DELETE',
      headers: login(place),
    });
    if (last.fetched.is !== 'answer' || last.fetched.status >= 300) return last;
  }
  return last;
}

const markOf = ({ alert }: Deed) => `[tocsin ${alert.id}]`;

/** The labels as they came; undefined when they may not be all of them, so that nothing else is silenced. */
function matchersOf({ topic, fields }: Alert) {
  if (!topic.startsWith('alertmanager.') || fields.alertname === undefined) return undefined;
  const labels = Object.entries(fields).filter(([name]) => !facts.has(name) && !name.includes('.'));
  const isWhole = Object.keys(fields).length < 30 && labels.every(([, value]) => !value.endsWith('…'));
  if (!isWhole) return undefined;
  return labels.map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }));
}

function silencesIn(text: string, mark: string): string[] {
  try {
    const all = JSON.parse(text) as { id: string; comment: string; status: { state: string } }[];
    return all
      .filter(({ comment, status }) => comment.includes(mark) && status.state !== 'expired')
      .map(({ id }) => id);
  } catch {
    return [];
  }
}

function login({ token }: Place): Record<string, string> {
  if (!token.includes(':')) return {};
  return { authorization: `Basic ${Buffer.from(token, 'utf8').toString('base64')}` };
}
