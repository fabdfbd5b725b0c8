// The program for the operator: `npm run tocsin -- <command>`.
import { runCommand } from './cli/run-command.ts';
import { environment, readConfig } from './config.ts';

async function main(): Promise<void> {
  const read = readConfig(environment());
  if (!read.ok) {
    process.stderr.write(`${read.faults.join('\n')}\n`);
    process.exit(2);
  }
  const print = (text: string) => void process.stdout.write(`${text}\n`);
  process.exitCode = await runCommand(process.argv.slice(2), read.config, Date.now(), print, process.stdin);
}

void main();
