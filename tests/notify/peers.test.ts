// The laws of a peer, for every one there is: nothing is sent about what is not its own, one request for a deed, no token in the address.
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/core/alert.ts';
import { peerChannel } from '../../src/notify/channels/peer.ts';
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
  github: { topic: 'github.issues.opened', fields: { url: 'https://peer.example/o/r/issues/12' } },
  gitlab: { topic: 'gitlab.issue.open', fields: { url: 'https://peer.example/root/a/b/c/-/issues/5' } },
};
const place = { url: 'https://peer.example/root/#o,a', token: 'user:tok3n' };
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

describe('which issue is spoken of', () => {
  const bodyless = async (name: 'github' | 'gitlab', at: string, url: string) => {
    const { ask, requests } = asked();
    // Most are about the page alone.
    const there = { url: at.includes('#') ? at : `${at}#o,acme,a`, token: 't' };
    await peers
      .find((peer) => peer.name === name)!
      .pass(ask, there, deed({ ...own[name], fields: { url } }), 0);
    return requests.map((request) => request.url);
  };
  const hub = 'https://api.github.com';
  it.each([
    ['github', hub, 'https://github.com/o/r/pull/3', `${hub}/repos/o/r/issues/3/comments`],
    ['github', hub, 'https://evil.example/o/r/pull/3', undefined],
    ['github', hub, 'https://github.com@evil.example/o/r/pull/3', undefined],
    ['github', hub, 'https://github.com/o/../issues/3', undefined],
    ['github', hub, 'https://github.com/o/%2e%2e/issues/3', undefined],
    ['github', hub, 'https://github.com/./r/issues/3', undefined],
    [
      'github',
      'https://api.acme.ghe.com',
      'https://acme.ghe.com/o/r/issues/3',
      'https://api.acme.ghe.com/repos/o/r/issues/3/comments',
    ],
    [
      'github',
      'https://git.lan/api/v3',
      'https://git.lan/o/r/issues/3',
      'https://git.lan/api/v3/repos/o/r/issues/3/comments',
    ],
    ['github', 'https://git.lan/api/v3', 'https://github.com/o/r/issues/3', undefined],
    ['github', `${hub}#`, 'https://github.com/o/r/issues/3', undefined],
    ['github', `${hub}# , `, 'https://github.com/o/r/issues/3', undefined],
    ['github', `${hub}#acme,o/r`, 'https://github.com/o/r/issues/3', `${hub}/repos/o/r/issues/3/comments`],
    [
      'github',
      `${hub}#acme,o/r`,
      'https://github.com/Acme/x/issues/3',
      `${hub}/repos/Acme/x/issues/3/comments`,
    ],
    ['github', `${hub}#acme,o/r`, 'https://github.com/o/r2/issues/3', undefined],
    ['github', `${hub}/#acme`, 'https://github.com/acme2/x/issues/3', undefined],
    [
      'gitlab',
      'https://gitlab.com',
      'https://gitlab.com/a/b/-/issues/5',
      'https://gitlab.com/api/v4/projects/a%2Fb/issues/5/notes',
    ],
    ['gitlab', 'https://gitlab.com', 'https://gitlab.com.evil.example/a/b/-/issues/5', undefined],
    ['gitlab', 'https://gitlab.com', 'https://gitlab.com/a/../b/-/issues/5', undefined],
    [
      'gitlab',
      'https://git.lan/lab/',
      'https://git.lan/lab/a/b/-/merge_requests/5',
      'https://git.lan/lab/api/v4/projects/a%2Fb/merge_requests/5/notes',
    ],
    ['gitlab', 'https://git.lan/lab/', 'https://git.lan/a/b/-/issues/5', undefined],
    [
      'gitlab',
      'https://gitlab.com#a',
      'https://gitlab.com/a/b/-/issues/5',
      'https://gitlab.com/api/v4/projects/a%2Fb/issues/5/notes',
    ],
    ['gitlab', 'https://gitlab.com#a/c', 'https://gitlab.com/a/b/-/issues/5', undefined],
  ] as const)('%s at %s, of %s', async (name, at, url, said) => {
    expect(await bodyless(name, at, url)).toEqual(said === undefined ? [] : [said]);
  });
});

it('all requests of one attempt together take no longer than one may', async () => {
  const timeouts: (number | undefined)[] = [];
  const silences = [1, 2, 3].map((id) => ({
    id: `${id}`,
    comment: '[tocsin a_1]',
    status: { state: 'active' },
  }));
  const outbound: Outbound = async (_url, { timeoutMs } = {}) => {
    timeouts.push(timeoutMs);
    const body = Buffer.from(JSON.stringify(silences));
    return { is: 'answer', status: 200, headers: {}, body, truncated: false, ms: 4_000 };
  };
  const about = {
    id: '1',
    kind: 'alert',
    alert: alertOf(own.alertmanager!),
    transition: { change: 'resolved', by: 'Ana', byRef: null, note: null },
    firstTry: null,
  };
  const contact = { peer: 'alertmanager', url: place.url, token: place.token };
  const delivered = await peerChannel({ outbound }).deliver({} as never, 'v_1', {
    contact,
    about,
    now: 0,
  } as never);
  expect(timeouts).toEqual([10_000, 6_000, 2_000]);
  expect(delivered).toMatchObject({ is: 'retry' });
});

it.each(['github', 'gitlab'])('%s needs to be told where it may speak', async (peer) => {
  const { params } = peerChannel({ outbound: async () => ({}) as never }).contact!;
  const read = (url: string) => params.safeParse({ peer, url, token: 't' });
  for (const url of ['https://git.lan/api', 'https://git.lan/api#', 'https://git.lan/api# ,'])
    expect(read(url).error?.issues).toEqual([
      expect.objectContaining({ path: ['url'], message: expect.stringContaining('#acme,team/web') }),
    ]);
  expect(read('https://git.lan/api#acme').success).toBe(true);
  // One that was added before: its owner is told.
  const old = await peerChannel({ outbound: async () => ({}) as never }).deliver({} as never, 'v_1', {
    contact: { peer, url: 'https://git.lan/api', token: 't' },
    now: 0,
  } as never);
  expect(old).toMatchObject({ is: 'refused', disables: true, why: expect.stringContaining('#acme') });
});
