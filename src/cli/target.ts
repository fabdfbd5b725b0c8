// `tocsin target`: software that is asked by itself, without any push.
import { parseDuration, printDuration } from '#core/duration.ts';
import { own } from '#core/own.ts';
import { openModuleBook } from '#ingest/module-book.ts';
import { addTarget } from '#operations/add-target.ts';
import { type ListedTarget, listTargets } from '#operations/list-targets.ts';
import type { ModuleBook, ModuleField } from '#operations/module-book.ts';
import { pauseTarget } from '#operations/pause-target.ts';
import { probeTarget } from '#operations/probe-target.ts';
import { removeTarget } from '#operations/remove-target.ts';
import type { TargetInput } from '#operations/target-input.ts';
import { openOutbound } from '#outbound/fetch.ts';
import type { Config } from '../config.ts';
import { printList, wantsJson } from './listing.ts';
import { operator } from './operator.ts';
import type { OperatorWorld } from './operator-world.ts';
import { misused, noFurther, readFlags, tooMuch } from './read-flags.ts';
import { runSteps, type Steps } from './steps.ts';
import type { Surroundings, Verb } from './verb.ts';
import { refused } from './words.ts';

const usage = [
  'target probe host [--param url=http://127.0.0.1:9100/metrics]   what it tells now; nothing is kept',
  'target add host --name laptop [--param …] [--every 30s] [--timeout 10s] [--user … --password …] [--bearer …]',
  'target modules',
  'target list [--json]',
  'target pause|resume|remove <name>',
];

const rightParam = 'target probe host --param url=http://127.0.0.1:9100/metrics';
const right = 'target add host --name laptop --every 30s';

const bookOf = (config: Config) => openModuleBook(openOutbound(config.outboundAllow));

const steps: Steps = {
  async probe(world, { args, print, now, config }) {
    const look = await probeTarget(
      world,
      operator,
      { ...readInput(args, bookOf(config)), book: bookOf(config) },
      now,
    );
    if (!look.ok) return refused(look.text);
    for (const { topic, subject, fields } of look.shown) {
      print(`${topic}  ${subject}`);
      for (const { name, title, value, unit } of fields)
        print(`  ${name} = ${JSON.stringify(value)}${unit ? ` ${unit}` : ''}  (${title})`);
    }
    for (const { title } of look.offers) print(`rule on offer: ${title}`);
    return 0;
  },
  async add(world, { args, print, now, config }) {
    const added = await addTarget(
      world,
      operator,
      { ...readInput(args, bookOf(config)), book: bookOf(config) },
      now,
    );
    if (!added.ok) return refused(added.text);
    print(`${added.name} is asked from now on (${added.id}).`);
    return 0;
  },
  async modules(_world, { args, print, config }) {
    noFurther(args, 'target modules');
    for (const { name, title, scraped, fields } of bookOf(config).all()) {
      print(`${name}  ${title}${scraped ? '' : ' (pushes by itself)'}`);
      for (const field of fields)
        print(
          `  --param ${field.name}=…  ${field.hint}${field.usual === undefined ? '' : ` (${field.usual})`}`,
        );
    }
    return 0;
  },
  async list(world, { args, print, aside, now }) {
    const isJson = wantsJson(args, 'target list');
    const listed = await listTargets(world, operator, now);
    if (!listed.ok) return refused(listed.text);
    const none = `Nothing is asked yet. Add something: tocsin ${usage[1]}`;
    return printList({ print, aside }, { isJson, rows: listed.targets, say: lineOf, none });
  },
  pause: (world, around) => setPaused(world, around, true),
  resume: (world, around) => setPaused(world, around, false),
  async remove(world, { args, print, now }) {
    const done = await removeTarget(world, operator, { target: named(args) }, now);
    if (!done.ok) return refused(done.text);
    print(`${done.name} is asked no longer.`);
    return 0;
  },
};

function lineOf({ name, module, state, everyMs, found, error: why }: ListedTarget): string {
  return `${name}  ${module}  ${state}, every ${printDuration(everyMs)}, ${found} things${why ? `: ${why}` : ''}`;
}

export const target: Verb = {
  name: 'target',
  title: 'look at, add, list, pause and remove software that is asked',
  usage,
  run: runSteps(usage, steps),
};

async function setPaused(
  world: OperatorWorld,
  { args, print, now }: Surroundings,
  paused: boolean,
): Promise<number> {
  const done = await pauseTarget(world, operator, { target: named(args), paused }, now);
  if (!done.ok) return refused(done.text);
  print(`${done.name} is ${paused ? 'left alone' : 'asked'} from now on.`);
  return 0;
}

function readInput(args: string[], book: ModuleBook): TargetInput {
  const text = { type: 'string' } as const;
  const options = {
    name: text,
    every: text,
    timeout: text,
    user: text,
    password: text,
    bearer: text,
  } as const;
  const { values, positionals } = readFlags(
    { args, allowPositionals: true, options: { ...options, param: { type: 'string', multiple: true } } },
    right,
  );
  const [module, ...rest] = positionals;
  if (module === undefined) throw misused('Say what kind of software.', right);
  if (rest[0] !== undefined) throw tooMuch(rest[0], right);
  const { name, every, timeout, user, password, bearer } = values;
  const login =
    bearer !== undefined ? { bearer } : user === undefined ? undefined : { user, password: password ?? '' };
  return {
    module,
    params: asLists(paramsOf(values.param ?? []), book.find(module)?.fields ?? []),
    ...(name === undefined ? {} : { name }),
    ...(every === undefined ? {} : { everyMs: spanOf(every) }),
    ...(timeout === undefined ? {} : { timeoutMs: spanOf(timeout) }),
    ...(login === undefined ? {} : { login }),
  };
}

/** `url=…`; a name that comes again, or a value that is a JSON list, is a list. */
function paramsOf(given: string[]): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const pair of given) {
    const at = pair.indexOf('=');
    if (at < 1) throw misused(`After --param comes name=value; “${pair.slice(0, 40)}” is none.`, rightParam);
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const before = own(params, name);
    if (before !== undefined) params[name] = [before, value].flat();
    else params[name] = isList(value) ? JSON.parse(value) : value;
  }
  return params;
}

/** One value where a list is asked for is a list of one. */
function asLists(params: Record<string, unknown>, fields: ModuleField[]): Record<string, unknown> {
  const lists = new Set(fields.filter(({ input }) => input === 'list').map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      lists.has(name) && !Array.isArray(value) ? [value] : value,
    ]),
  );
}

function isList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

function spanOf(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw misused(`“${text.slice(0, 40)}” is no duration; try 30s or 5m.`, right);
  return ms;
}

function named(args: string[]): string {
  if (args.length === 0) throw misused('Say which.', 'target remove laptop');
  return args.join(' ');
}
