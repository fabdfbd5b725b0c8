// A worker that takes a bell, says so, and never finishes: to be killed.
import { openQueue } from '#queue/queue.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };
const queue = await openQueue(JSON.parse(process.argv[2]!), {
  log,
  meter: { count() {}, observe() {} },
  timing: { lockDuration: Number(process.argv[3]), stalledInterval: 1_000 },
});
await queue.consume(
  {
    notify: async (id) => {
      console.log(`took ${id}`);
      await new Promise(() => {});
    },
  },
  () => 1,
);
console.log('waiting');
