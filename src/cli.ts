// The program for the operator: `npm run tocsin -- <command>`.
import { createInterface } from 'node:readline/promises';
import { cleanLines } from '#core/clean.ts';
import { runCommand } from './cli/run-command.ts';
import { environment, readConfig } from './config.ts';

async function main(): Promise<void> {
  const read = readConfig(environment().env);
  if (!read.ok) {
    process.stderr.write(`${read.faults.join('\n')}\n`);
    process.exit(2);
  }
  // Names and texts of others are shown; what goes to a file or a pipe stays as it is.
  const shown = process.stdout.isTTY ? cleanLines : (text: string) => text;
  const print = (text: string) => void process.stdout.write(`${shown(text)}\n`);
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  process.exitCode = await runCommand(
    process.argv.slice(2),
    read.config,
    Date.now(),
    print,
    process.stdin,
    isTerminal ? ask : undefined,
  );
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-D and Ctrl-C are an answer, too.
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    return await Promise.race([terminal.question(question), closed]);
  } finally {
    terminal.close();
  }
}

void main();
