// `tocsin source`: what pushes, and the secret by which it signs.
import { parseDuration } from '#core/duration.ts';
import { createSource } from '#operations/create-source.ts';
import { type ListedSource, listSources } from '#operations/list-sources.ts';
import { removeSourceSecret } from '#operations/remove-source-secret.ts';
import { setSourceSecret } from '#operations/set-source-secret.ts';
import { printList, wantsJson } from './listing.ts';
import { operator } from './operator.ts';
import { misused, readFlags, tooMuch } from './read-flags.ts';
import { runSteps, type Steps } from './steps.ts';
import type { Verb } from './verb.ts';
import { quoted, refused } from './words.ts';

const usage = [
  'source list [--json]',
  'source create <name> [--rate 200] [--burst 2000]',
  'source sign <name> [--secret …] [--overlap 24h]',
  'source unsign <name>',
];

const right = {
  create: 'source create backup-server --rate 200',
  sign: 'source sign backup-server --overlap 24h',
  unsign: 'source unsign backup-server',
};

const steps: Steps = {
  async list(world, { args, print, aside, now }) {
    const isJson = wantsJson(args, 'source list');
    const listed = await listSources(world, operator, now);
    if (!listed.ok) return refused(listed.text);
    const none = 'There are no sources yet; tocsin source create adds one.';
    return printList({ print, aside }, { isJson, rows: listed.sources, say: lineOf, none });
  },
  async create(world, { args, print, now }) {
    const { name, values } = read(args, ['rate', 'burst'], right.create);
    const made = await createSource(
      world,
      operator,
      {
        name,
        ...(values.rate === undefined ? {} : { ratePerSecond: Number(values.rate) }),
        ...(values.burst === undefined ? {} : { burst: Number(values.burst) }),
      },
      now,
    );
    if (!made.ok) return refused(made.text);
    print(`Source ${made.source.id}. tocsin key create ${quoted(name)} gives it a key.`);
    return 0;
  },
  async sign(world, { args, print, aside, now }) {
    const { name, values } = read(args, ['secret', 'overlap'], right.sign);
    const made = await setSourceSecret(
      world,
      operator,
      {
        source: name,
        ...(values.secret === undefined ? {} : { secret: values.secret }),
        ...(values.overlap === undefined ? {} : { overlapHours: hoursOf(values.overlap) }),
      },
      now,
    );
    if (!made.ok) return refused(made.text);
    print(made.secret);
    aside('From now on this source has to sign what it sends. The secret is shown this once.');
    if (made.oldUntil !== null) aside(`The old one is good until ${new Date(made.oldUntil).toISOString()}.`);
    return 0;
  },
  async unsign(world, { args, print, now }) {
    const { name } = read(args, [], right.unsign);
    const done = await removeSourceSecret(world, operator, { source: name }, now);
    if (!done.ok) return refused(done.text);
    print(`${name} need not sign any longer.`);
    return 0;
  },
};

function lineOf({ name, id, ratePerSecond, signed, mapped, keys }: ListedSource): string {
  const good = keys.filter(({ state }) => state === 'good').length;
  const marks = [signed ? 'signed' : '', mapped ? 'mapped' : ''].filter(Boolean).join(', ');
  return `${name}  ${id}  ${good} good ${good === 1 ? 'key' : 'keys'}, ${ratePerSecond} events a second${marks && `, ${marks}`}`;
}

export const source: Verb = {
  name: 'source',
  title: 'list and add what pushes, and make it sign what it sends',
  usage,
  run: runSteps(usage, steps),
};

function read(args: string[], names: string[], line: string) {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values, positionals } = readFlags({ args, options, allowPositionals: true }, line);
  const [name] = positionals;
  if (name === undefined) throw misused('Say which.', line);
  if (positionals[1] !== undefined) throw tooMuch(positionals[1], line);
  return { name, values: values as Record<string, string | undefined> };
}

function hoursOf(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw misused(`“${text.slice(0, 40)}” is no duration; try 24h.`, right.sign);
  return ms / 3_600_000;
}
