// `tocsin run -- make`: runs a command as if we were not there, and tells how it went.
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { openClient, type TocsinEvent } from '../client.ts';
import { eventFlags, eventOf, serverFlags } from './event-flags.ts';
import { misused, readFlags } from './read-flags.ts';
import { findServer } from './server.ts';
import type { Verb } from './verb.ts';

/** Of its output, the last lines. */
const kept = { lines: 20, characters: 4_000 };
/** How long the telling of the end may take before we give up. */
const patienceMs = 30_000;

const right = 'run --type job.nightly --label env=prod -- make all';

export const run: Verb = {
  name: 'run',
  title: 'run a command and tell how it went; its output and exit code are its own',
  usage: [
    'run [--type job.nightly] [--subject …] [--label env=prod] [--severity critical] -- make all',
    '    [--quiet-start] [--key …] [--url http://…]',
  ],
  async run({ args, config }) {
    const at = args.indexOf('--');
    const [own, command] = at < 0 ? [args, []] : [args.slice(0, at), args.slice(at + 1)];
    const options = { ...eventFlags, ...serverFlags, 'quiet-start': { type: 'boolean' } } as const;
    const { values } = readFlags({ args: own, options }, right);
    const [program] = command;
    if (program === undefined) throw misused('What to run is missing; it stands behind --.', right);
    const { key, url, 'quiet-start': isQuiet, ...flags } = values;
    const called = path.basename(program).replace(/[^A-Za-z0-9_-]+/g, '_') || 'command';
    const about = { type: `job.${called}`, subject: os.hostname(), ...eventOf(flags, right) };
    const say = (text: string) => void process.stderr.write(`tocsin: ${text}\n`);
    const tell = teller(() => findServer(config, { ...(key ? { key } : {}), ...(url ? { url } : {}) }), say);
    const line = command.join(' ').slice(0, 500);
    const name = flags.subject ?? called;
    if (!isQuiet) tell.send(eventAbout(about, { status: 'start', command: line, title: name }));
    const ended = await runThrough(program, command.slice(1));
    const status = ended.code === 0 ? 'ok' : 'fail';
    const description =
      ended.code === 0 ? 'finished well' : (ended.why ?? `failed with exit code ${ended.code}`);
    const data = {
      status,
      exitCode: ended.code,
      duration: Math.round(ended.ms / 100) / 10,
      command: line,
      title: name,
      description,
      ...(ended.tail === '' ? {} : { output: ended.tail }),
    };
    tell.send({ ...eventAbout(about, data), status: status === 'ok' ? 'resolved' : 'firing' });
    await tell.close();
    return ended.code;
  },
};

function eventAbout({ data, ...rest }: TocsinEvent, more: Record<string, unknown>): TocsinEvent {
  return { ...rest, data: { ...data, ...more } };
}

/** Tells without ever standing in the way: whatever goes wrong is one line on the error output. */
function teller(find: () => { url: string; key: string }, say: (text: string) => void) {
  try {
    const client = openClient({
      ...find(),
      waitMs: 0,
      retryMs: { first: 500, most: 5_000 },
      onDrop: (_events, why) => say(`how it went could not be told: ${why}`),
    });
    return { send: client.send, close: () => client.close(patienceMs) };
  } catch (error) {
    say(`how it went will not be told. ${(error as Error).message}`);
    return { send: () => false, close: async () => false };
  }
}

interface Ended {
  code: number;
  why?: string;
  ms: number;
  tail: string;
}

/** Runs it with our input; its output passes through, its signals are handed on. */
function runThrough(program: string, args: string[]): Promise<Ended> {
  const began = performance.now();
  let tail = '';
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['inherit', 'pipe', 'pipe'] });
    const hand = (signal: NodeJS.Signals) => void child.kill(signal);
    const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, hand);
    const end = (code: number, why?: string) => {
      for (const signal of signals) process.off(signal, hand);
      const lines = tail.trimEnd().split('\n').slice(-kept.lines).join('\n').slice(-kept.characters);
      resolve({ code, ms: performance.now() - began, tail: lines, ...(why === undefined ? {} : { why }) });
    };
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ] as const) {
      from.setEncoding('utf8');
      from.on('data', (text: string) => {
        tail = (tail + text).slice(-2 * kept.characters);
        to.write(text);
      });
    }
    child.on('error', (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'ENOENT';
      const why = isMissing ? 'there is no such command' : `it cannot be run (${error.code})`;
      process.stderr.write(`tocsin: ${program}: ${why}\n`);
      end(isMissing ? 127 : 126, why);
    });
    child.on('close', (code, signal) => {
      if (signal !== null) end(128 + os.constants.signals[signal], `was ended by ${signal}`);
      else end(code ?? 1);
    });
  });
}
