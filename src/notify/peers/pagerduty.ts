// Peer: PagerDuty, where the sender triggers there, too: the same dedup key is acknowledged and resolved.
// Requests as in developer.pagerduty.com/docs/send-alert-event (Events API v2).
import type { Alert } from '#core/alert.ts';
import { jsonAsking, type Peer, passBy, rootOf } from '../peer.ts';

export const pagerduty: Peer = {
  name: 'pagerduty',
  title: 'PagerDuty: acknowledged and resolved',
  example: 'https://events.pagerduty.com',
  token: 'the routing key',
  check: () => undefined,
  async pass(ask, place, { is, alert }) {
    const key = dedupKeyOf(alert);
    // What was acknowledged cannot be given back there.
    if (key === undefined || is === 'left') return undefined;
    const action = is === 'taken' ? 'acknowledge' : 'resolve';
    const body = { routing_key: place.token, dedup_key: key, event_action: action };
    return passBy(ask, `${rootOf(place)}/v2/enqueue`, jsonAsking('POST', body));
  },
};

/** The name that the sender gave it: the second part of the usual key, where there are two. */
function dedupKeyOf({ topic, key, labels }: Alert): string | undefined {
  const isUsual = 'source' in labels && 'subject' in labels && Object.keys(labels).length === 2;
  if (!topic.startsWith('pagerduty.') || !isUsual) return undefined;
  try {
    const parts: unknown = JSON.parse(key);
    return Array.isArray(parts) && parts.length === 2 && typeof parts[1] === 'string' ? parts[1] : undefined;
  } catch {
    return undefined;
  }
}
