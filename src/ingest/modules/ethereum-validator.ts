// An Ethereum validator, as its consensus client shows it: Nimbus, Lighthouse or Teku.
import { z } from 'zod';
import { addressField, defineModule, type Finding, notAnswering } from '../module.ts';
import { type Counters, type Metrics, pick, rounded } from '../page.ts';

const params = z.strictObject({
  url: addressField(
    'http://127.0.0.1:8008/metrics',
    'Where the client answers: Nimbus and Teku on port 8008, Lighthouse on 5054',
  ),
});

/**
 * The same fact under the names of each client, as their own sources declare them. Nimbus: `validator_monitor.nim` and its
 * `nbc`/`libp2p` gauges; Lighthouse: the validator monitor that Nimbus followed (`beacon_chain/src/metrics.rs`),
 * `slotclock_*`, `execution_layer_*`, `sync_*`; Teku: `ValidatorPerformanceMetrics.java` (newer ones count what was
 * produced, older ones what was expected) and `beacon_*`; it counts no proposed blocks.
 */
const names = {
  peers: ['libp2p_peers', 'nbc_peers', 'beacon_peer_count'],
  slot: ['beacon_slot', 'slotclock_present_slot'],
  head: ['beacon_head_slot', 'beacon_head_state_slot'],
  missed: ['validator_monitor_prev_epoch_on_chain_attester_miss_total'],
  made: ['validator_monitor_prev_epoch_on_chain_attester_hit_total'],
  expected: ['validator_performance_expected_attestations', 'validator_performance_produced_attestations'],
  included: ['validator_performance_included_attestations'],
  proposed: ['validator_monitor_beacon_block_total'],
  connected: ['sync_eth1_connected'],
  memory: ['process_resident_memory_bytes'],
  received: ['libp2p_inbound_bytes'],
  sent: ['libp2p_outbound_bytes'],
  network: ['libp2p_network_bytes_total'],
} as const;
const engine = {
  seconds: ['engine_api_request_duration_seconds_sum', 'execution_layer_request_times_sum'],
  requests: ['engine_api_request_duration_seconds_count', 'execution_layer_request_times_count'],
} as const;
const answers = 'engine_api_responses_total';
const wanted = [...Object.values(names).flat(), ...Object.values(engine).flat(), answers];

const name = 'ethereum-validator';
export const ethereumValidator = defineModule<z.output<typeof params>>({
  name,
  title: 'An Ethereum validator (Nimbus, Lighthouse, Teku)',
  about:
    'For who runs a validator at home; metric names as the Nimbus guide, the Lighthouse book and Teku’s sources give them.',
  params,
  topics: [
    {
      topic: `${name}.attestations`,
      title: 'Attestations',
      subject: 'the validators of this client',
      fields: {
        summary: { title: 'What is new, in words' },
        missed: { title: 'Missed attestations since the client started', from: names.missed[0] },
        made: { title: 'Attestations made since the client started', from: names.made[0] },
        newlyMissed: {
          title: 'Missed since the last look, or of the last epoch (Teku)',
          from: names.missed[0],
        },
      },
    },
    {
      topic: `${name}.blocks`,
      title: 'Blocks',
      subject: 'the validators of this client',
      fields: {
        summary: { title: 'What is new, in words' },
        proposed: { title: 'Blocks proposed since the client started', from: names.proposed.join(', ') },
        newlyProposed: { title: 'Blocks proposed since the last look', from: names.proposed.join(', ') },
      },
    },
    {
      topic: `${name}.sync`,
      title: 'Peers and sync',
      subject: 'the client',
      fields: {
        peers: { title: 'Peers', from: names.peers.join(', ') },
        behind: { title: 'Slots behind the clock', from: [...names.slot, ...names.head].join(', ') },
        slot: { title: 'Slot of the head', from: names.head.join(', ') },
      },
    },
    {
      topic: `${name}.execution`,
      title: 'Execution client',
      subject: 'the execution client behind it',
      fields: {
        latency: { title: 'Mean time of its answers', unit: 'ms', from: engine.seconds.join(', ') },
        failures: { title: 'Answers that were no 200 since the last look', from: answers },
        connected: { title: '1 while it is reached', from: names.connected[0] },
      },
    },
    {
      topic: `${name}.resources`,
      title: 'Memory and bandwidth',
      subject: 'the client',
      fields: {
        memory: { title: 'Memory of the client', unit: 'bytes', from: names.memory[0] },
        received: {
          title: 'Received',
          unit: 'bytes/s',
          from: 'libp2p_network_bytes_total, libp2p_inbound_bytes',
        },
        sent: { title: 'Sent', unit: 'bytes/s', from: 'libp2p_network_bytes_total, libp2p_outbound_bytes' },
      },
    },
  ],
  rules: [
    notAnswering(name, 'The consensus client does not answer'),
    {
      title: 'An attestation was missed',
      document: {
        name: 'Missed attestation',
        topic: `${name}.attestations`,
        kind: 'every',
        match: ['newlyMissed > 0'],
        severity: 'warning',
      },
    },
    {
      title: 'A block was proposed',
      document: {
        name: 'Proposed a block',
        topic: `${name}.blocks`,
        kind: 'every',
        match: ['newlyProposed > 0'],
        severity: 'info',
      },
    },
    {
      title: 'The client falls behind',
      document: {
        name: 'Consensus client is behind',
        topic: `${name}.sync`,
        kind: 'threshold',
        params: { field: 'behind', op: '>', limit: 4, clear: 1 },
        for: '2m',
        severity: 'critical',
      },
    },
    {
      title: 'Few peers',
      document: {
        name: 'Few peers',
        topic: `${name}.sync`,
        kind: 'threshold',
        params: { field: 'peers', op: '<', limit: 10, clear: 15 },
        for: '10m',
        severity: 'warning',
      },
    },
    {
      title: 'The execution client fails',
      document: {
        name: 'Execution client fails',
        topic: `${name}.execution`,
        kind: 'threshold',
        params: { field: 'failures', op: '>', limit: 0 },
        for: '2m',
        severity: 'critical',
      },
    },
    {
      title: 'The execution client is slow',
      document: {
        name: 'Execution client is slow',
        topic: `${name}.execution`,
        kind: 'threshold',
        params: { field: 'latency', op: '>', limit: 1_000, clear: 700 },
        for: '5m',
        severity: 'warning',
      },
    },
    {
      title: 'It takes much bandwidth',
      document: {
        name: 'Much bandwidth',
        topic: `${name}.resources`,
        kind: 'threshold',
        params: { field: 'received', op: '>', limit: 5_000_000 },
        for: '10m',
        severity: 'warning',
      },
    },
    {
      title: 'It takes much memory',
      document: {
        name: 'Much memory',
        topic: `${name}.resources`,
        kind: 'threshold',
        params: { field: 'memory', op: '>', limit: 8_000_000_000 },
        for: '10m',
        severity: 'warning',
      },
    },
  ],
  scrape: {
    everyMs: 60_000,
    requests: ({ url }) => [{ url, form: 'metrics', wanted }],
    read([page], _params, counters) {
      if (page?.form !== 'metrics') return [];
      const { metrics } = page;
      const seen = pick(metrics, names);
      const { missed, made, expected, included, proposed, slot, head, peers } = seen;
      const findings: Finding[] = [];
      const lastEpoch = lastEpochOf(expected, included, slot, counters);
      if (missed !== undefined || made !== undefined || lastEpoch !== undefined) {
        const newlyMissed = counters.growth('missed', missed) ?? lastEpoch;
        const summary = said(newlyMissed, 'attestation was missed', 'attestations were missed');
        findings.push({ topic: `${name}.attestations`, data: { summary, missed, made, newlyMissed } });
      }
      if (proposed !== undefined) {
        const newlyProposed = counters.growth('proposed', proposed);
        const summary = said(newlyProposed, 'block was proposed', 'blocks were proposed');
        findings.push({ topic: `${name}.blocks`, data: { summary, proposed, newlyProposed } });
      }
      if (peers !== undefined || head !== undefined) {
        const behind = slot === undefined || head === undefined ? undefined : Math.max(0, slot - head);
        findings.push({ topic: `${name}.sync`, data: { peers, behind, slot: head } });
      }
      const execution = executionOf(metrics, counters, seen.connected);
      if (Object.values(execution).some((value) => value !== undefined))
        findings.push({ topic: `${name}.execution`, data: execution });
      if (seen.memory !== undefined && findings.length > 0)
        findings.push({
          topic: `${name}.resources`,
          data: { memory: seen.memory, ...bandwidth(metrics, counters, seen) },
        });
      return findings;
    },
  },
  example: {
    params: { url: 'http://127.0.0.1:8008/metrics' },
    now: Date.UTC(2026, 4, 4, 10),
    pages: [
      {
        body: [
          '# TYPE validator_monitor_prev_epoch_on_chain_attester_miss_total counter',
          'validator_monitor_prev_epoch_on_chain_attester_hit_total{validator="total"} 9000.0 1777888800000',
          'validator_monitor_prev_epoch_on_chain_attester_miss_total{validator="total"} 3.0 1777888800000',
          'validator_monitor_beacon_block_total{src="api",validator="total"} 1.0 1777888800000',
          'libp2p_peers 61.0 1777888800000',
          'beacon_slot 9000002.0 1777888800000',
          'beacon_head_slot 9000001.0 1777888800000',
          'engine_api_responses_total{url="http://127.0.0.1:8551",request="newPayload",status="200"} 100.0 1777888800000',
          'engine_api_responses_total{url="http://127.0.0.1:8551",request="newPayload",status="0"} 2.0 1777888800000',
          'engine_api_request_duration_seconds_sum{url="http://127.0.0.1:8551",request="newPayload"} 12.5',
          'engine_api_request_duration_seconds_count{url="http://127.0.0.1:8551",request="newPayload"} 100',
          'libp2p_network_bytes_total{direction="in"} 1000000.0',
          'libp2p_network_bytes_total{direction="out"} 2000000.0',
          'process_resident_memory_bytes 1500000000.0',
          '',
        ].join('\n'),
      },
    ],
    findings: [
      { topic: `${name}.attestations`, data: { missed: 3, made: 9000 } },
      { topic: `${name}.blocks`, data: { proposed: 1 } },
      { topic: `${name}.sync`, data: { peers: 61, behind: 1, slot: 9_000_001 } },
      { topic: `${name}.resources`, data: { memory: 1.5e9 } },
    ],
  },
});

/** Facts that are over as soon as they are told get words of their own: they become the title of the message. */
function said(count: number | undefined, one: string, several: string): string | undefined {
  if (count === undefined || count <= 0) return undefined;
  return `${count} ${count === 1 ? one : several}`;
}

/** Teku's gauges say how the last epoch (32 slots) went: told at the first look at each, and nothing again until the next. */
function lastEpochOf(
  expected: number | undefined,
  included: number | undefined,
  slot: number | undefined,
  counters: Counters,
): number | undefined {
  if (expected === undefined || included === undefined || slot === undefined) return undefined;
  const epoch = Math.floor(slot / 32);
  const isNew = counters.last('epoch') !== epoch;
  counters.keep('epoch', epoch);
  return isNew ? Math.max(0, expected - included) : 0;
}

/** How the execution client answered since the last look. */
function executionOf(metrics: Metrics, counters: Counters, connected: number | undefined): Finding['data'] {
  const { seconds, requests } = pick(metrics, engine);
  const [spent, count] = [counters.growth('seconds', seconds), counters.growth('requests', requests)];
  const bad = metrics
    .all(answers)
    .filter(({ labels }) => labels.get('status') !== '200')
    .reduce((sum, { value }) => sum + value, 0);
  return {
    latency:
      spent !== undefined && count !== undefined && count > 0
        ? rounded((spent / count) * 1_000, 1)
        : undefined,
    failures: counters.growth('failures', metrics.all(answers).length === 0 ? undefined : bad),
    connected,
  };
}

function bandwidth(
  metrics: Metrics,
  counters: Counters,
  seen: { received?: number; sent?: number; network?: number },
) {
  const perSecond = (way: string, own: number | undefined) => {
    const total = seen.network === undefined ? own : metrics.sum(names.network[0], { direction: way });
    const speed = counters.perSecond(way, total);
    return speed === undefined ? undefined : rounded(speed, 0);
  };
  return { received: perSecond('in', seen.received), sent: perSecond('out', seen.sent) };
}
