// An example's own run.sh beside a running Tocsin: started as its README says, and ended with everything it started.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { until } from './until.ts';

export interface Example {
  /** The process ids of what it started. */
  children(): number[];
  /** Waits until it has printed this. */
  prints(text: string): Promise<void>;
  /** Ends it as Ctrl-C would; safe to call twice. */
  end(): Promise<void>;
}

/** Runs `examples/<name>/run.sh` with these variables and nothing else of the environment but PATH. */
export function runExample(name: string, variables: Record<string, string>): Example {
  const shell: ChildProcess = spawn('sh', [`examples/${name}/run.sh`], {
    env: { PATH: process.env.PATH ?? '', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [shell.stdout!, shell.stderr!])
    stream.on('data', (text) => {
      printed += String(text);
    });
  return {
    children() {
      const text = readFileSync(`/proc/${shell.pid!}/task/${shell.pid!}/children`, 'utf8').trim();
      return text === '' ? [] : text.split(' ').map(Number);
    },
    async prints(text) {
      await until(`the example prints ${text}`, () => {
        if (shell.exitCode !== null) throw new Error(`the program ended: ${printed}`);
        return printed.includes(text);
      });
    },
    async end() {
      if (shell.exitCode !== null || shell.signalCode !== null) return;
      const exit = once(shell, 'exit');
      shell.kill('SIGTERM');
      await exit;
    },
  };
}

/** Those of the programs that are not installed; where nothing may be skipped, that is an error. */
export function missingPrograms(programs: string[]): string[] {
  const missing = programs.filter((name) => spawnSync(name, ['--version']).status !== 0);
  if (missing.length === 0) return [];
  const why = `${missing.join(', ')} not installed: this journey cannot be walked.`;
  if (process.env.CI === 'true') throw new Error(`${why} CI skips nothing.`);
  console.warn(`skipped: ${why}`);
  return missing;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
