// The operator's commands: tocsin <verb>. Each acts on the database of DATABASE_URL, or of what runs in DATA_DIR.
import { nearest } from '#core/nearest.ts';
import type { Config } from '../config.ts';
import { doctor } from './doctor.ts';
import { encryption } from './encryption.ts';
import { group } from './group.ts';
import { heartbeat } from './heartbeat.ts';
import { invite } from './invite.ts';
import { key } from './key.ts';
import { member } from './member.ts';
import { openOperatorWorld } from './operator-world.ts';
import { rules } from './rules.ts';
import { run } from './run.ts';
import { send } from './send.ts';
import { silence } from './silence.ts';
import { source } from './source.ts';
import { target } from './target.ts';
import { Misused, Refused, type Surroundings, type Verb } from './verb.ts';
import { ownVersion } from './version.ts';
import { watch } from './watch.ts';

const verbs: readonly Verb[] = [
  doctor,
  encryption,
  key,
  source,
  target,
  heartbeat,
  invite,
  member,
  group,
  rules,
  silence,
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
  ask?: Surroundings['ask'],
  aside: Surroundings['aside'] = print,
): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    print(help(args[0]));
    return 0;
  }
  if (name === '--version' || name === '-v' || name === '-V' || name === 'version') {
    print(ownVersion());
    return 0;
  }
  const verb = verbs.find((one) => one.name === name);
  if (!verb) {
    const meant = nearest(name, [...verbs.map((one) => one.name), 'help', 'version']);
    const hint = meant ? ` Did you mean “${meant}”?` : '';
    aside(`There is no command “${name.slice(0, 40)}”.${hint} tocsin help lists them.`);
    return 2;
  }
  // What follows -- belongs to somebody else.
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (own.includes('--help') || own.includes('-h')) {
    print(help(verb.name));
    return 0;
  }
  try {
    const open = () => openOperatorWorld(config);
    return await verb.run({ config, args, print, aside, now, input, open, ...(ask ? { ask } : {}) });
  } catch (error) {
    const { code } = error as { code?: string };
    if (error instanceof Refused) {
      aside(error.message);
      return 1;
    }
    if (!(error instanceof Misused) && !code?.startsWith('ERR_PARSE_ARGS')) throw error;
    aside((error as Error).message);
    if (!(error instanceof Misused)) aside(help(verb.name));
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
