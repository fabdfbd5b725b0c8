// The laws of a peer, for every one there is: nothing is sent about what is not its own, one request for a deed, no token in the address.
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/core/alert.ts';
import type { Deed } from '../../src/notify/peer.ts';
import { peers } from '../../src/notify/peers/index.ts';
import type { Asking, Outbound } from '../../src/outbound/fetch.ts';

const alertOf = (given: Partial<Alert>) =>
  ({
    id: 'a_1',
    topic: 'x.y',
    key: '["s","x","x.y"]',
    fields: {},
    labels: { source: 's', subject: 'x' },
    ...given,
  }) as Alert;
const own: Record<string, Partial<Alert>> = {
  alertmanager: { topic: 'alertmanager.DiskFull', fields: { alertname: 'DiskFull', summary: 'Full' } },
  pagerduty: { topic: 'pagerduty.ci', key: '["ci","disk/cad1"]' },
  sentry: { topic: 'sentry.issue.web', fields: { url: 'https://sentry.io/organizations/o/issues/77/' } },
  github: { topic: 'github.issues.opened', fields: { url: 'https://github.com/o/r/issues/12' } },
  gitlab: { topic: 'gitlab.issue.open', fields: { url: 'https://gitlab.com/a/b/c/-/issues/5' } },
};
const place = { url: 'https://peer.example/root/', token: 'user:tok3n' };
const deed = (alert: Partial<Alert>, given: Partial<Deed> = {}): Deed => ({
  is: 'taken',
  who: 'Ana',
  note: null,
  alert: alertOf(alert),
  id: 'msg_1',
  isRepeat: false,
  ...given,
});

function asked() {
  const requests: (Asking & { url: string })[] = [];
  const ask: Outbound = async (url, asking = {}) => {
    requests.push({ url, ...asking });
    const body = Buffer.from(url.endsWith('/silences') && asking.method === undefined ? '[]' : '{}');
    return { is: 'answer', status: 200, headers: {}, body, truncated: false, ms: 1 };
  };
  return { ask, requests };
}

describe.each(peers.map((peer) => [peer.name, peer] as const))('peer %s', (name, peer) => {
  it('passes back what was taken over, with the token in no address', async () => {
    const { ask, requests } = asked();
    expect(await peer.pass(ask, place, deed(own[name]!), 0)).toBeDefined();
    const last = requests.at(-1)!;
    expect(['POST', 'PUT']).toContain(last.method);
    for (const { url } of requests) {
      expect(url).toMatch(/^https:\/\/peer\.example\/root\//);
      expect(url).not.toContain('tok3n');
    }
    expect(JSON.parse(String(last.body))).not.toEqual({});
  });

  it('says nothing of alerts that are not its own, or that do not say which they are', async () => {
    const { ask, requests } = asked();
    for (const alert of [{}, { topic: own[name]!.topic! }, { fields: own[name]!.fields ?? {} }])
      expect(await peer.pass(ask, place, deed(alert), 0)).toBeUndefined();
    expect(requests).toEqual([]);
  });

  it('looks without changing anything', () => {
    expect(peer.check(place)?.method ?? 'GET').toBe('GET');
  });
});

it('an alert with labels that were cut is never silenced by the rest of them', async () => {
  const { ask, requests } = asked();
  const fields = { alertname: 'DiskFull', path: `${'x'.repeat(299)}…` };
  const [alertmanager] = peers;
  expect(
    await alertmanager!.pass(ask, place, deed({ topic: 'alertmanager.DiskFull', fields }), 0),
  ).toBeUndefined();
  expect(requests).toEqual([]);
});
