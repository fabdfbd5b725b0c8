// A program that does one act and is killed by its parent before the answer comes.
import { actWork } from '#act/worker.ts';
import { openDatabase } from '#store/connection.ts';
import { border } from '../harness/border.ts';
import { sealing } from '../harness/sealing.ts';

const { connection, actId, now } = JSON.parse(process.argv[2]!);
const nothing = () => {};
const world = {
  database: openDatabase(connection, 2),
  ring: nothing,
  id: (prefix: string) => `${prefix}_child`,
  token: () => 'child',
  ...sealing,
  defaultZone: 'UTC',
  log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  meter: { count: nothing, observe: nothing },
};
await actWork({ world, outbound: border.outbound, clock: () => now }).act(actId, now);
console.log('it ended, and should not have');
