// `npm run torture [-- scenario …]`: tortures the program and prints what held; exit code 1 when something did not.
import { parseArgs } from 'node:util';
import { redisAvailable } from '../harness/redis.ts';
import { type Outcome, printOutcomes } from './print.ts';
import { scenarios } from './scenarios/index.ts';
import { holds, type QueueName, queues } from './scenarios/scenario.ts';
import { lastWords } from './stage.ts';
import { writeTable } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    release: { type: 'boolean', default: false },
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1' },
    queue: { type: 'string', default: 'both' },
    json: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const usage = `npm run torture [-- scenario …] [--release] [--seed N] [--seeds N] [--queue redis|postgres|both] [--json]
npm run torture -- --table: writes into docs/torture.md which failure is tested where
${scenarios.map(({ name, title }) => `  ${name.padEnd(16)}${title}`).join('\n')}\n`;
const fault = faultOf();
if (fault !== undefined || values.help) {
  process.stdout.write(`${fault === undefined ? '' : `${fault}\n`}${usage}`);
  process.exit(fault === undefined ? 0 : 2);
}

if (values.table) {
  writeTable();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const first = Number(values.seed ?? 20261126);
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => first + i);
const wanted: readonly QueueName[] = values.queue === 'both' ? queues : [values.queue as QueueName];
const usable = wanted.filter((queue) => queue === 'postgres' || redisAvailable());
const profile = values.release ? 'release' : 'short';
const chosen = scenarios.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const outcomes: Outcome[] = [];
// Servers and programs are children of their own: none of them keeps this process here while it waits for something.
const here = setInterval(() => {}, 60_000);
for (const seed of seeds) {
  process.stderr.write(`seed ${seed}, ${profile} profile; the same again: --seed ${seed}\n`);
  for (const scenario of chosen)
    for (const queue of usable.filter((one) => scenario.queues?.includes(one) ?? true)) {
      const began = performance.now();
      const name = `${scenario.name} on ${queue}`;
      process.stderr.write(`── ${name}\n`);
      const say = (text: string) => void process.stderr.write(`   … ${text}\n`);
      const rows = await scenario
        .run({ seed, queue, profile, say })
        .catch((error: Error) => [holds('it could be carried out', false, error.stack ?? error.message)]);
      const seconds = Math.round((performance.now() - began) / 1_000);
      outcomes.push({ scenario: scenario.name, queue, seed, seconds, rows });
      for (const row of rows.filter((one) => !one.holds))
        process.stderr.write(`   DOES NOT HOLD: ${row.figure}: ${row.value} (must be ${row.must})\n`);
      if (rows.some((one) => !one.holds)) process.stderr.write(`${lastWords()}\n`);
    }
}
clearInterval(here);
const broken = outcomes.some(({ rows }) => rows.some((row) => !row.holds));
process.stdout.write(values.json ? `${JSON.stringify(outcomes, null, 2)}\n` : printOutcomes(outcomes));
process.exit(broken ? 1 : 0);

function faultOf(): string | undefined {
  const unknown = positionals.find((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown !== undefined) return `There is no scenario “${unknown}”.`;
  if (!['both', ...queues].includes(values.queue)) return '--queue is redis, postgres or both.';
  for (const text of [values.seed ?? '1', values.seeds])
    if (!/^\d{1,9}$/.test(text)) return '--seed and --seeds are numbers.';
  return undefined;
}
