// The operator's commands: tocsin <verb>. Each acts on the database of DATABASE_URL, or of what runs in DATA_DIR.
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nearest } from '#core/nearest.ts';
import { doctor } from './cli/doctor.ts';
import { encryption } from './cli/encryption.ts';
import { heartbeat } from './cli/heartbeat.ts';
import { invite } from './cli/invite.ts';
import { key } from './cli/key.ts';
import { member } from './cli/member.ts';
import { openOperatorWorld } from './cli/operator-world.ts';
import { rules } from './cli/rules.ts';
import { run } from './cli/run.ts';
import { send } from './cli/send.ts';
import { source } from './cli/source.ts';
import { target } from './cli/target.ts';
import { Misused, type Verb } from './cli/verb.ts';
import { watch } from './cli/watch.ts';
import { type Config, environment, readConfig } from './config.ts';

const verbs: readonly Verb[] = [
  doctor,
  encryption,
  key,
  source,
  target,
  heartbeat,
  invite,
  member,
  rules,
  send,
  run,
  watch,
];

/** Runs one command line; resolves with the exit code: 0 done, 1 refused or wrong, 2 not understood. */
export async function runCommand(
  argv: string[],
  config: Config,
  now: number,
  print: (text: string) => void,
  input: AsyncIterable<Uint8Array> = nothing(),
): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    print(help(args[0]));
    return 0;
  }
  const verb = verbs.find((one) => one.name === name);
  if (!verb) {
    const meant = nearest(name, [...verbs.map((one) => one.name), 'help']);
    const hint = meant ? ` Did you mean “${meant}”?` : '';
    print(`There is no command “${name.slice(0, 40)}”.${hint} tocsin help lists them.`);
    return 2;
  }
  // What follows -- belongs to somebody else.
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (own.includes('--help') || own.includes('-h')) {
    print(help(verb.name));
    return 0;
  }
  try {
    return await verb.run({ config, args, print, now, input, open: () => openOperatorWorld(config) });
  } catch (error) {
    const { code } = error as { code?: string };
    if (!(error instanceof Misused) && !code?.startsWith('ERR_PARSE_ARGS')) throw error;
    print((error as Error).message);
    if (!(error instanceof Misused)) print(help(verb.name));
    return 2;
  }
}

function help(about?: string): string {
  const shown = verbs.filter(({ name }) => about === undefined || name === about);
  const wide = Math.max(...verbs.map(({ name }) => name.length)) + 2;
  const lines = shown.flatMap(({ name, title, usage }) => [
    `  ${name.padEnd(wide)}${title}`,
    ...usage.map((line) => `  ${' '.repeat(wide)}tocsin ${line}`),
  ]);
  return ['tocsin <command>', '', ...lines].join('\n');
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** The program: `npm run tocsin -- <command>`. */
async function main(): Promise<void> {
  const read = readConfig(environment());
  if (!read.ok) {
    process.stderr.write(`${read.faults.join('\n')}\n`);
    process.exit(2);
  }
  const print = (text: string) => void process.stdout.write(`${text}\n`);
  process.exitCode = await runCommand(process.argv.slice(2), read.config, Date.now(), print, process.stdin);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
