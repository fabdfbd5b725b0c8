// `npm run bench [-- area …] [--json] [--quick]`: measures and prints tables; exit code 1 when an aim does not hold.
import os from 'node:os';
import { parseArgs } from 'node:util';
import type { Area, Findings } from './area.ts';
import { areas } from './areas/index.ts';
import { printFindings, printGoals } from './print.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
});
const unknown = positionals.filter((name) => !areas.some((area) => area.name === name));
if (values.help || unknown.length > 0) {
  const list = areas.map(({ name, title }) => `  ${name.padEnd(14)}${title}`).join('\n');
  const fault = unknown.length > 0 ? `There is no area “${unknown[0]}”.\n` : '';
  process.stdout.write(`${fault}npm run bench [-- area …] [--json] [--quick]\n${list}\n`);
  process.exit(fault ? 2 : 0);
}

const chosen: Area[] = areas.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const [cpu] = os.cpus();
const machine = {
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
  cpu: `${os.cpus().length} × ${cpu?.model.trim() ?? 'unknown'}`,
  memoryGb: Math.round(os.totalmem() / 2 ** 30),
  quick: values.quick === true,
};
const found: Record<string, Findings> = {};
if (!values.json) process.stdout.write(`${Object.values(machine).slice(0, 3).join(', ')}\n`);
for (const area of chosen) {
  const say = (text: string) => void process.stderr.write(`  … ${area.name}: ${text}\n`);
  const began = performance.now();
  const findings = await area.measure({ quick: values.quick === true, say });
  found[area.name] = findings;
  if (!values.json)
    process.stdout.write(
      `\n── ${area.name}: ${area.title}\n\n${printFindings(findings)}\n\n${Math.round((performance.now() - began) / 1_000)} s\n`,
    );
}
if (values.json) process.stdout.write(`${JSON.stringify({ machine, areas: found }, null, 2)}\n`);
else if (chosen.length > 1) process.stdout.write(`\n${printGoals(found)}\n`);
const missed = Object.values(found).flatMap(({ aims }) => aims.filter(({ holds }) => !holds));
// A pipe takes what is written to it only now.
process.stdout.write('', () => process.exit(missed.length > 0 && !values.quick ? 1 : 0));
