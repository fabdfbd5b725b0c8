// Software that knows nothing of us: a validator and a storage node on one's own machines, asked, and told in Ben's chat.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

interface Software {
  url: string;
  /** What it answers from now on, by the end of the path. */
  says(pages: Record<string, string>): void;
  falls(): void;
  stop(): Promise<void>;
}

async function software(): Promise<Software> {
  let pages: Record<string, string> = {};
  const server = http.createServer((request, response) => {
    const body = Object.entries(pages).find(([path]) => request.url?.endsWith(path))?.[1];
    response.writeHead(body === undefined ? 503 : 200).end(body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    says: (next) => {
      pages = next;
    },
    falls: () => {
      pages = {};
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Adds the target with every rule that its module offers, for Ben. */
async function watches(world: StoryWorld, target: object): Promise<void> {
  const answer = await world.app.request('/v1/targets', {
    method: 'POST',
    headers: { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(target),
  });
  const added = (await answer.json()) as { offers: { document: Record<string, unknown> }[] };
  expect(answer.status, JSON.stringify(added)).toBe(201);
  for (const { document } of added.offers) await world.makesRule(world.ben, document);
  await world.settle();
}

const nimbus = (missed: number, behind: number, proposed = 0) => ({
  '/metrics': [
    'validator_monitor_prev_epoch_on_chain_attester_hit_total{validator="total"} 9000',
    `validator_monitor_prev_epoch_on_chain_attester_miss_total{validator="total"} ${missed}`,
    `validator_monitor_beacon_block_total{src="api",validator="total"} ${proposed}`,
    'libp2p_peers 60',
    `beacon_slot ${1_000 + behind}`,
    'beacon_head_slot 1000',
    'process_resident_memory_bytes 2e9',
    '',
  ].join('\n'),
});

story(
  'a validator at home: a missed attestation, a block, and a client that stops answering',
  async (world) => {
    const { ben } = world;
    const client = await software();
    try {
      await world.enrols(ben);
      client.says(nimbus(3, 0));
      await watches(world, {
        module: 'ethereum-validator',
        name: 'validator',
        params: { url: `${client.url}/metrics` },
      });
      await world.advance('5m');
      ben.expectsNothing();

      client.says(nimbus(4, 0));
      await world.advance('1m');
      expect(ben.expects('1 attestation was missed').text).toMatch(/^🟠/);

      client.says(nimbus(4, 0, 1));
      await world.advance('1m');
      expect(ben.expects('1 block was proposed').text).toMatch(/^🔵/);

      // Both are facts, not situations: nothing is said to be over.
      await world.advance('2m');
      ben.expectsNothing();

      // Gone: told once, after it has lasted, as a failure with its reason.
      client.falls();
      await world.advance('2m');
      ben.expectsNothing();
      await world.advance('2m');
      expect(ben.expects('The consensus client does not answer').text).toContain('503');
      await world.advance('30m');
      ben.expectsNothing();
      client.says(nimbus(0, 0));
      await world.advance('2m');
      // The client began anew: its counters do, too, and nothing is made of it.
      ben.expects(/✅ The consensus client does not answer/);
      ben.expectsNothing();
    } finally {
      await client.stop();
    }
  },
);

story('a storage node: the distance to disqualification, and that it is outdated', async (world) => {
  const { ben } = world;
  const node = await software();
  const says = (audit: number, upToDate: boolean) =>
    node.says({
      '/api/sno/': JSON.stringify({
        version: '1.104.5',
        upToDate,
        satellites: [{ disqualified: null, suspended: null }],
      }),
      '/api/sno/satellites': JSON.stringify({
        audits: [
          { satelliteName: 'us1.storj.io:7777', auditScore: audit, suspensionScore: 1, onlineScore: 0.99 },
          { satelliteName: 'eu1.storj.io:7777', auditScore: 1, suspensionScore: 1, onlineScore: 0.99 },
        ],
      }),
    });
  try {
    await world.enrols(ben);
    says(1, true);
    await watches(world, { module: 'storage-node', name: 'node', params: { url: node.url } });
    await world.advance('20m');
    ben.expectsNothing();
    says(0.9, false);
    await world.advance('5m');
    expect(ben.transcript()).toContain('Node software is outdated');
    const near = ben.expects('Audit score nears disqualification');
    expect(near.text).toContain('us1.storj.io:7777');
    expect(near.text).toMatch(/0\.9/);
    says(0.99, true);
    await world.advance('6m');
    expect(ben.transcript()).toMatch(/✅ Audit score nears disqualification/);
  } finally {
    await node.stop();
  }
});
