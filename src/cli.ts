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
  const shown = (text: string, { isTTY }: { isTTY?: boolean }) => (isTTY ? cleanLines(text) : text);
  const print = (text: string) => void process.stdout.write(`${shown(text, process.stdout)}\n`);
  const aside = (text: string) => void process.stderr.write(`${shown(text, process.stderr)}\n`);
  // Whoever reads us may have read enough, such as head.
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // What `run` runs goes on, and is told of.
    if (code === 'EPIPE' && process.argv[2] === 'run') return;
    if (code !== 'EPIPE') aside(`The output cannot be written: ${message}`);
    process.exit(code === 'EPIPE' ? 0 : 1);
  });
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  process.exitCode = await runCommand(
    process.argv.slice(2),
    read.config,
    Date.now(),
    print,
    process.stdin,
    isTerminal ? ask : undefined,
    aside,
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
