// What single modules make of pages one after another: counters, chains that stop, prices, lists in JSON.
import { describe, expect, it } from 'vitest';
import type { Module } from '#ingest/module.ts';
import { moduleNamed } from '#ingest/modules/index.ts';
import type { Memory } from '#ingest/page.ts';
import { scrape } from '#ingest/scrape.ts';
import type { Outbound } from '#outbound/fetch.ts';

const began = Date.UTC(2026, 4, 4, 10);

/** Asks again and again, a minute apart, each time with the next page; what was found of each topic. */
async function looks(name: string, params: object, bodies: string[]) {
  const module = moduleNamed(name) as Module;
  let memory: Memory | null = null;
  const found: Record<string, unknown>[] = [];
  const urls: string[] = [];
  for (const [turn, body] of bodies.entries()) {
    const ask: Outbound = async (url) => {
      urls.push(url);
      return { is: 'answer', status: 200, headers: {}, body: Buffer.from(body), truncated: false, ms: 1 };
    };
    const made = await scrape(module, { params, timeoutMs: 1_000 }, memory, ask, began + turn * 60_000);
    if (!made.ok) found.push({ failed: made.text });
    else {
      memory = JSON.parse(JSON.stringify(made.memory));
      found.push(
        Object.fromEntries(made.findings.map(({ topic, subject, data }) => [subject ?? topic, data])),
      );
    }
  }
  return { found, urls };
}

describe('ethereum-validator', () => {
  const nimbus = (missed: number, proposed: number, seconds: number, requests: number, bytes: number) =>
    [
      `validator_monitor_prev_epoch_on_chain_attester_hit_total{validator="total"} 100`,
      `validator_monitor_prev_epoch_on_chain_attester_miss_total{validator="total"} ${missed}`,
      `validator_monitor_beacon_block_total{src="api",validator="total"} ${proposed}`,
      `engine_api_request_duration_seconds_sum{request="newPayload"} ${seconds}`,
      `engine_api_request_duration_seconds_count{request="newPayload"} ${requests}`,
      `engine_api_responses_total{request="newPayload",status="200"} ${requests}`,
      `libp2p_network_bytes_total{direction="in"} ${bytes}`,
      `libp2p_network_bytes_total{direction="out"} ${2 * bytes}`,
      'process_resident_memory_bytes 1000',
    ].join('\n');

  it('Nimbus: what is new since the last look, the latency, the bandwidth; after a restart nothing is made up', async () => {
    const { found } = await looks('ethereum-validator', {}, [
      nimbus(3, 0, 10, 100, 0),
      nimbus(5, 1, 14, 120, 600_000),
      nimbus(0, 0, 1, 5, 0),
    ]);
    expect(
      found.map((one) => (one['ethereum-validator.attestations'] as { newlyMissed?: number }).newlyMissed),
    ).toEqual([undefined, 2, undefined]);
    expect(found[1]).toMatchObject({
      'ethereum-validator.blocks': { proposed: 1, newlyProposed: 1 },
      'ethereum-validator.execution': { latency: 200, failures: 0 },
      'ethereum-validator.resources': { received: 10_000, sent: 20_000 },
    });
    expect(found[2]!['ethereum-validator.resources']).toEqual({ memory: 1000 });
  });

  it('Lighthouse, with its own names', async () => {
    const page = (sum: number) =>
      [
        'libp2p_peers 80',
        'slotclock_present_slot 1000',
        'beacon_head_state_slot 990',
        'sync_eth1_connected 1',
        `execution_layer_request_times_sum{method="new_payload"} ${sum}`,
        `execution_layer_request_times_count{method="new_payload"} ${sum * 10}`,
      ].join('\n');
    const { found } = await looks('ethereum-validator', {}, [page(1), page(2)]);
    expect(found[1]).toEqual({
      'ethereum-validator.sync': { peers: 80, behind: 10, slot: 990 },
      'ethereum-validator.execution': { latency: 100, connected: 1 },
    });
  });

  it.each(['expected', 'produced'])(
    'Teku, which counts the last epoch (%s): each is told once',
    async (word) => {
      const page = (slot: number) =>
        [
          'beacon_peer_count{direction="inbound"} 20',
          'beacon_peer_count{direction="outbound"} 30',
          `beacon_slot ${slot}.0`,
          `beacon_head_slot ${slot}.0`,
          `validator_performance_${word}_attestations 4.0`,
          'validator_performance_included_attestations 3.0',
        ].join('\n');
      const { found } = await looks('ethereum-validator', {}, [page(1000), page(1005), page(1030)]);
      const newly = found.map(
        (one) => (one['ethereum-validator.attestations'] as { newlyMissed: number }).newlyMissed,
      );
      expect(newly).toEqual([1, 0, 1]);
      expect(found[0]).toEqual({
        'ethereum-validator.attestations': { summary: '1 attestation was missed', newlyMissed: 1 },
        'ethereum-validator.sync': { peers: 50, behind: 0, slot: 1000 },
      });
    },
  );
});

it('blockchain-node: how long the chain has stood still, across a rollback, and by names that somebody gave', async () => {
  const heights = [10, 11, 11, 11, 12, 9, 9];
  const { found } = await looks(
    'blockchain-node',
    {},
    heights.map((height) => `chain_head_block ${height}\np2p_peers 4`),
  );
  const stalled = found.map((one) => (one['blockchain-node.chain'] as { stalled: number }).stalled);
  expect(stalled).toEqual([0, 0, 60, 120, 0, 0, 60]);
  const substrate =
    'substrate_block_height{status="best",chain="dot"} 5\nsubstrate_block_height{status="finalized"} 3\n';
  expect((await looks('blockchain-node', {}, [substrate])).found).toEqual([
    { 'blockchain-node.chain': { height: 5, stalled: 0 } },
  ]);
  expect(
    (await looks('blockchain-node', { height: 'my_height' }, ['my_height 7\nchain_head_block 1'])).found,
  ).toEqual([{ 'blockchain-node.chain': { height: 7, stalled: 0 } }]);
});

it('host: how busy the processors are needs two looks', async () => {
  const page = (idle: number) => `node_load5 1\nnode_cpu_seconds_total{cpu="0",mode="idle"} ${idle}\n`;
  const { found } = await looks('host', {}, [page(100), page(115), page(0)]);
  expect(found.map((one) => one['host.load'])).toEqual([
    { load5: 1, perCpu: 1 },
    { load5: 1, perCpu: 1, busy: 75 },
    { load5: 1, perCpu: 1 },
  ]);
});

it('metrics: counters grow a second, each series by itself; one that is named twice comes once', async () => {
  const page = (a: number) => `x_total{p="a"} ${a}\nx_total{p="b"} 5\nx_total{p="a"} 1\n`;
  const { found } = await looks('metrics', { metrics: ['x_total', 'x_total'] }, [page(0), page(120)]);
  expect(found[1]).toMatchObject({ 'p=b': { value: 5, perSecond: 0 } });
  expect(found[0]).toEqual({ 'p=a': { value: 0 }, 'p=b': { value: 5 } });
});

it('promql: no series is an answer, an error is a failure; the question is put into the address', async () => {
  const ok = (result: unknown, resultType = 'vector') =>
    JSON.stringify({ status: 'success', data: { resultType, result } });
  const { found, urls } = await looks('promql', { query: 'sum(a{b="c&d"}) > 1' }, [
    ok([]),
    ok([1777888800, '42'], 'scalar'),
    '{"status":"error","errorType":"bad_data","error":"parse error"}',
  ]);
  expect(found[0]).toEqual({});
  expect(found[1]).toEqual({ 'promql.answer': { value: 42 } });
  expect(found[2]).toEqual({ failed: expect.stringMatching(/tells nothing/) });
  expect(new URL(urls[0]!).searchParams.get('query')).toBe('sum(a{b="c&d"}) > 1');
});

it('json: one thing or a list of them, twins told apart, long values left out', async () => {
  const fields = ['n=a.0.n', 'text=t', 'huge=h'];
  const body = JSON.stringify({ a: [{ n: 1 }], t: 'x'.repeat(5_000), h: Array(5_000).fill(1), list: [] });
  const { found } = await looks('json', { fields }, [body, '{}']);
  expect(found[0]!['json.value']).toEqual({ n: 1, text: `${'x'.repeat(3_999)}…` });
  expect(found[1]).toEqual({ failed: expect.stringMatching(/tells nothing/) });
  const twins = JSON.stringify({ q: [{ name: 'a', d: 1 }, { name: 'a', d: 2 }, { d: 3 }] });
  const list = await looks('json', { fields: ['d=d'], each: 'q', subject: 'name', topic: 'x.q' }, [twins]);
  expect(list.found).toEqual([{ a: { d: 1 }, 'a (1)': { d: 2 }, 2: { d: 3 } }]);
});

it('asset-price: asks for what was named, in the currency that was named', async () => {
  const { urls, found } = await looks('asset-price', { assets: ['bitcoin', 'ethereum'], currency: 'eur' }, [
    '{"bitcoin":{"eur":1e5},"ethereum":{"usd":3}}',
  ]);
  expect(urls).toEqual([
    'https://api.coingecko.com/api/v3/simple/price?ids=bitcoin%2Cethereum&vs_currencies=eur&include_24hr_change=true',
  ]);
  expect(found).toEqual([{ bitcoin: { price: 100_000 } }]);
});
