// A page of metrics as Nimbus shows it; POST “missed” or “proposed” and it has happened.
import { createServer } from 'node:http';

let [missed, proposed, slot] = [3, 1, 9_000_000];

const page = () => `# TYPE validator_monitor_prev_epoch_on_chain_attester_hit_total counter
validator_monitor_prev_epoch_on_chain_attester_hit_total{validator="total"} 9000.0
validator_monitor_prev_epoch_on_chain_attester_miss_total{validator="total"} ${missed}.0
validator_monitor_beacon_block_total{src="api",validator="total"} ${proposed}.0
libp2p_peers 61.0
beacon_slot ${slot + 1}.0
beacon_head_slot ${slot}.0
engine_api_responses_total{url="http://127.0.0.1:8551",request="newPayload",status="200"} ${slot}.0
engine_api_request_duration_seconds_sum{url="http://127.0.0.1:8551",request="newPayload"} ${slot / 20}
engine_api_request_duration_seconds_count{url="http://127.0.0.1:8551",request="newPayload"} ${slot}.0
libp2p_network_bytes_total{direction="in"} ${slot * 1000}.0
libp2p_network_bytes_total{direction="out"} ${slot * 1000}.0
process_resident_memory_bytes 1500000000.0
`;

const server = createServer(async (request, response) => {
  let said = '';
  for await (const part of request) said += part;
  if (said === 'missed') missed++;
  if (said === 'proposed') proposed++;
  slot++;
  response.end(page());
});
server.listen(Number(process.env.PORT ?? 8008), '127.0.0.1', () => console.log('listening'));
