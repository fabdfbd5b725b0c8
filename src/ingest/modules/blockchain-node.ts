// Any blockchain node that shows metrics: does it follow the chain, and does it have peers.
import { z } from 'zod';
import { addressField, defineModule, notAnswering } from '../module.ts';
import { pick } from '../page.ts';

const metricName = (label: string, hint: string) =>
  z
    .string()
    .trim()
    .regex(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,199}$/, 'must be the name of a metric, such as chain_head_block')
    .optional()
    .meta({ label, hint, input: 'text' });

const params = z.strictObject({
  url: addressField(
    'http://127.0.0.1:6060/debug/metrics/prometheus',
    'Where its metrics are: geth on 6060, besu on 9545, CometBFT on 26660, Substrate on 9615',
  ),
  height: metricName('Metric of the height', 'Only when the node’s own is not found by itself'),
  peers: metricName('Metric of the peers', 'Only when the node’s own is not found by itself'),
});

/** geth and Nethermind, besu, CometBFT and Tendermint, Substrate, as their documents name them. */
const heights = [
  'chain_head_block',
  'nethermind_blocks',
  'ethereum_blockchain_height',
  'cometbft_consensus_height',
  'tendermint_consensus_height',
];
const bestHeight = 'substrate_block_height';
const peerCounts = [
  'p2p_peers',
  'nethermind_sync_peers',
  'ethereum_peer_count',
  'cometbft_p2p_peers',
  'tendermint_p2p_peers',
  'substrate_sub_libp2p_peers_count',
];

const name = 'blockchain-node';
export const blockchainNode = defineModule<z.output<typeof params>>({
  name,
  title: 'A blockchain node',
  about:
    'Names are those of geth, Nethermind, besu, CometBFT and Substrate; for others the two metrics can be named.',
  params,
  topics: [
    {
      topic: `${name}.chain`,
      title: 'Chain and peers',
      subject: 'the node',
      fields: {
        height: { title: 'Height of the newest block', from: [...heights, bestHeight].join(', ') },
        stalled: { title: 'Time since the height last grew', unit: 's' },
        peers: { title: 'Peers', from: peerCounts.join(', ') },
      },
    },
  ],
  rules: [
    notAnswering(name, 'The node does not answer'),
    {
      title: 'No new block for a while',
      document: {
        name: 'Node does not follow the chain',
        topic: `${name}.chain`,
        kind: 'threshold',
        params: { field: 'stalled', op: '>', limit: 300, clear: 60 },
        severity: 'critical',
      },
    },
    {
      title: 'Few peers',
      document: {
        name: 'Few peers',
        topic: `${name}.chain`,
        kind: 'threshold',
        params: { field: 'peers', op: '<', limit: 3, clear: 5 },
        for: '10m',
        severity: 'warning',
      },
    },
  ],
  scrape: {
    everyMs: 30_000,
    requests: ({ url, height, peers }) => [
      {
        url,
        form: 'metrics',
        wanted: [...heights, bestHeight, ...peerCounts, ...[height, peers].flatMap((one) => one ?? [])],
      },
    ],
    read([page], params, counters, now) {
      if (page?.form !== 'metrics') return [];
      const { metrics } = page;
      const seen = pick(metrics, {
        height: params.height ? [params.height] : heights,
        peers: params.peers ? [params.peers] : peerCounts,
      });
      const height = seen.height ?? metrics.one(bestHeight, { status: 'best' });
      if (height === undefined && seen.peers === undefined) return [];
      return [{ topic: `${name}.chain`, data: { height, stalled: stalled(height), peers: seen.peers } }];

      function stalled(reached: number | undefined): number | undefined {
        if (reached === undefined) return undefined;
        const before = counters.last('height');
        // A chain that was rolled back grows from there again.
        const since = before === reached ? (counters.last('grewAt') ?? now) : now;
        counters.keep('height', reached);
        counters.keep('grewAt', since);
        return Math.max(0, Math.round((now - since) / 1_000));
      }
    },
  },
  example: {
    params: { url: 'http://127.0.0.1:6060/debug/metrics/prometheus' },
    now: Date.UTC(2026, 4, 4, 10),
    pages: [
      {
        body: '# TYPE chain_head_block gauge\nchain_head_block 22400000\n\n# TYPE p2p_peers gauge\np2p_peers 48\n',
      },
    ],
    findings: [{ topic: `${name}.chain`, data: { height: 22_400_000, stalled: 0, peers: 48 } }],
  },
});
