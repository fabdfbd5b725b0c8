// Peer: Sentry. What somebody says is over is resolved there; who takes it over has seen it.
// Requests as in docs.sentry.io/api/events/update-an-issue.
import { jsonAsking, type Peer, passBy, rootOf } from '../peer.ts';

export const sentry: Peer = {
  name: 'sentry',
  title: 'Sentry: resolved',
  example: 'https://sentry.io/api/0/organizations/my-team',
  token: 'an auth token that may write events',
  check: (place) => ({ url: `${rootOf(place)}/`, headers: bearer(place.token) }),
  async pass(ask, place, { is, who, alert }) {
    const issue = /\/issues\/(\d{1,20})(\/|$|\?)/.exec(alert.fields.url ?? '')?.[1];
    if (issue === undefined || !alert.topic.startsWith('sentry.')) return undefined;
    // It ended there by itself: Sentry knows.
    if (is === 'left' || (is === 'over' && who === null)) return undefined;
    const body = is === 'over' ? { status: 'resolved' } : { hasSeen: true };
    return passBy(ask, `${rootOf(place)}/issues/${issue}/`, jsonAsking('PUT', body, bearer(place.token)));
  },
};

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
