// `tocsin heartbeat`: addresses that jobs call, and who is told when they do not.
import { parseDuration, printDuration } from '#core/duration.ts';
import type { Expects } from '#core/heartbeat.ts';
import { type Severity, severities } from '#core/severity.ts';
import { kindBook } from '#evaluate/kind-book.ts';
import { createHeartbeat } from '#operations/create-heartbeat.ts';
import { listHeartbeats } from '#operations/list-heartbeats.ts';
import { removeHeartbeat } from '#operations/remove-heartbeat.ts';
import { renewHeartbeat } from '#operations/renew-heartbeat.ts';
import type { Heartbeat } from '#store/heartbeats.ts';
import { ownerNamed } from '#store/named-owner.ts';
import { peopleHere } from '#store/people.ts';
import { printList, wantsJson } from './listing.ts';
import { operator } from './operator.ts';
import type { OperatorWorld } from './operator-world.ts';
import { misused, readFlags } from './read-flags.ts';
import { findUrl } from './server.ts';
import { runSteps, type Steps } from './steps.ts';
import { Misused, type Surroundings, type Verb } from './verb.ts';
import { refused } from './words.ts';

const usage = [
  'heartbeat create nightly-backup --every 1d [--grace 1h] [--for telegram:7001] [--severity critical]',
  "heartbeat create nightly-backup --cron '0 3 * * *' [--zone Europe/Berlin] [--grace 10m]",
  'heartbeat list [--json]',
  'heartbeat renew <name>',
  'heartbeat remove <name>',
];

const right = 'heartbeat create nightly-backup --every 1d --grace 1h';
const rightNamed = (step: string) => `heartbeat ${step} nightly-backup`;

const steps: Steps = {
  async create(world, { args, print, aside, now, config }) {
    const text = { type: 'string' } as const;
    const options = { every: text, cron: text, zone: text, grace: text, for: text, severity: text };
    const { values, positionals } = readFlags({ args, allowPositionals: true, options }, right);
    const name = positionals.join(' ');
    const { every, cron, zone, grace, severity = 'warning' } = values;
    if (!name) throw misused('Say how it is called.', right);
    if (every === undefined && cron === undefined)
      throw misused('Say when it comes: --every, or --cron.', right);
    if (every !== undefined && cron !== undefined)
      throw misused('When it comes is said twice: take --every or --cron, not both.', right);
    if (!severities.includes(severity as Severity))
      throw misused(`A severity is one of ${severities.join(', ')}.`, right);
    const late = grace === undefined ? {} : { grace };
    const expects: Expects =
      every === undefined ? { cron: cron!, ...(zone ? { zone } : {}), ...late } : { every, ...late };
    const ownerId = await ownerOf(world, values.for);
    const wish = { ownerId, name, expects, severity: severity as Severity, book: kindBook };
    const made = await createHeartbeat(world, operator, wish, now);
    if (!made.ok) return refused(made.text);
    printAddress(`${findUrl(config)}/v1/ping/${made.token}`, { print, aside });
    aside(`${lateness(made.expects.grace)} Its events have the topic ${made.topic}.`);
    return 0;
  },
  async list(world, { args, print, aside, now }) {
    const isJson = wantsJson(args, 'heartbeat list');
    const listed = await listHeartbeats(world, operator);
    if (!listed.ok) return refused(listed.text);
    const { heartbeats: rows } = listed;
    const none = `There are no heartbeats yet. Make one: tocsin ${usage[0]}`;
    return printList({ print, aside }, { isJson, rows, say: (one) => lineOf(one, now), none });
  },
  async renew(world, { args, print, aside, now, config }) {
    const made = await renewHeartbeat(world, operator, { heartbeat: named(args, 'renew') }, now);
    if (!made.ok) return refused(made.text);
    printAddress(`${findUrl(config)}/v1/ping/${made.token}`, { print, aside });
    aside('The old address is nobody’s any longer.');
    return 0;
  },
  async remove(world, { args, print, now }) {
    const done = await removeHeartbeat(world, operator, { heartbeat: named(args, 'remove') }, now);
    if (!done.ok) return refused(done.text);
    print(`${done.name} is waited for no longer.`);
    return 0;
  },
};

type Listed = Pick<Heartbeat, 'name' | 'lastStatus' | 'lastAt' | 'expects'>;

function lineOf({ name, lastStatus, lastAt, expects }: Listed, now: number): string {
  const came =
    lastAt === null
      ? 'never came'
      : `${lastStatus} ${printDuration(Math.round((now - lastAt) / 1_000) * 1_000)} ago`;
  const when = Object.entries(expects).map(([part, value]) => `${part} ${value}`);
  return `${name}  ${when.join(', ')}  ${came}`;
}

export const heartbeat: Verb = {
  name: 'heartbeat',
  title: 'make, list and end heartbeats: addresses that jobs call when they are done',
  usage,
  run: runSteps(usage, steps),
};

function printAddress(url: string, { print, aside }: Pick<Surroundings, 'print' | 'aside'>): void {
  print(`curl -fsS -m 10 --retry 5 -o /dev/null ${url}`);
  aside(
    'Put it behind the job: job && curl … It is shown this once. Add /start, /fail, /log or an exit code:',
  );
  aside(`  job; curl -fsS -m 10 --retry 5 -o /dev/null ${url}/$?`);
}

function lateness(grace: string): string {
  const none = parseDuration(grace) === 0;
  return none ? 'Who is late is told of at once (--grace 1h waits).' : `It may be ${grace} late.`;
}

function named(args: string[], step: string): string {
  const name = args.join(' ');
  if (name === '') throw misused('Say which.', rightNamed(step));
  return name;
}

/** Who is named, or the one owner there is. */
async function ownerOf(world: OperatorWorld, said: string | undefined): Promise<string> {
  const { db } = world.database;
  if (said !== undefined) {
    const found = await ownerNamed(db, /^-?\d+$/.test(said) ? `telegram:${said}` : said);
    if (found === undefined)
      throw new Misused(`Nobody here is called ${said.slice(0, 60)}; try --for telegram:7001.`);
    return found;
  }
  const owners = await peopleHere(db, ['owner']);
  if (owners.length === 1) return owners[0]!.id;
  const names = (await peopleHere(db)).map((one) => `telegram:${one.telegramId} (${one.name})`);
  if (names.length === 0) throw new Misused('Nobody uses Tocsin yet; write to the bot first.');
  throw new Misused(`Say who is told: --for ${names.slice(0, 10).join(', ')}`);
}
