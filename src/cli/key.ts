// `tocsin key`: who may push events.
import { parseDuration } from '#core/duration.ts';
import { createKey } from '#operations/create-key.ts';
import { type ListedKey, type ListedSource, listSources } from '#operations/list-sources.ts';
import { revokeKey } from '#operations/revoke-key.ts';
import { rotateKey } from '#operations/rotate-key.ts';
import { printList, wantsJson } from './listing.ts';
import { operator } from './operator.ts';
import { misused, noFurther, readFlags, tooMuch } from './read-flags.ts';
import { runSteps, type Steps } from './steps.ts';
import type { Verb } from './verb.ts';
import { refused } from './words.ts';

const usage = [
  'key create <name> [--scope ingest,read,admin] [--topic disk.**] [--expires 90d]',
  'key list [--json]',
  'key rotate <id> [--overlap 24h]',
  'key revoke <id>',
];

const right = {
  create: 'key create backup-server --topic disk.** --expires 90d',
  rotate: 'key rotate k_4f2a --overlap 24h',
  revoke: 'key revoke k_4f2a',
};

const steps: Steps = {
  async create(world, { args, print, aside, now }) {
    const options = {
      source: { type: 'string' },
      scope: { type: 'string', multiple: true },
      topic: { type: 'string', multiple: true },
      expires: { type: 'string' },
    } as const;
    const { values, positionals } = readFlags({ args, allowPositionals: true, options }, right.create);
    const source = values.source ?? positionals.shift();
    if (!source) throw misused('Say for whom.', right.create);
    if (positionals[0] !== undefined) throw tooMuch(positionals[0], right.create);
    const lists = (given: string[] | undefined) => given?.flatMap((one) => one.split(',')).filter(Boolean);
    const [scopes, topics] = [lists(values.scope), lists(values.topic)];
    const made = await createKey(
      world,
      operator,
      {
        source,
        ...(scopes ? { scopes } : {}),
        ...(topics ? { topics } : {}),
        ...(values.expires ? { expiresAt: now + spanOf(values.expires, right.create) } : {}),
      },
      now,
    );
    if (!made.ok) return refused(made.text);
    print(made.key);
    aside(`Key ${made.id}. This is the only time it is shown; only its digest is kept.`);
    return 0;
  },
  async list(world, { args, print, aside, now }) {
    const isJson = wantsJson(args, 'key list');
    const listed = await listSources(world, operator, now);
    if (!listed.ok) return refused(listed.text);
    const { sources: rows } = listed;
    return printList({ print, aside }, { isJson, rows, say: withKeys, none: 'There are no keys yet.' });
  },
  async rotate(world, { args, print, aside, now }) {
    const options = { overlap: { type: 'string' } } as const;
    const { values, positionals } = readFlags({ args, options, allowPositionals: true }, right.rotate);
    const [keyId, ...more] = positionals;
    if (!keyId) throw misused('Say which.', right.rotate);
    noFurther(more, right.rotate);
    const overlap = values.overlap ? { overlapHours: spanOf(values.overlap, right.rotate) / 3_600_000 } : {};
    const made = await rotateKey(world, operator, { keyId, ...overlap }, now);
    if (!made.ok) return refused(made.text);
    print(made.key);
    aside(`Key ${made.id}. The old one is good until ${new Date(made.oldExpiresAt).toISOString()}.`);
    return 0;
  },
  async revoke(world, { args, print, now }) {
    const [keyId, ...more] = args;
    if (!keyId) throw misused('Say which.', right.revoke);
    noFurther(more, right.revoke);
    const done = await revokeKey(world, operator, { keyId }, now);
    if (!done.ok) return refused(done.text);
    print(`Key ${keyId} is good no longer.`);
    return 0;
  },
};

export const key: Verb = {
  name: 'key',
  title: 'make, list, replace and end API keys',
  usage,
  run: runSteps(usage, steps),
};

function withKeys({ name, ratePerSecond, keys }: ListedSource): string {
  return [`${name} (${ratePerSecond} events a second)`, ...keys.map(lineOf)].join('\n');
}

function lineOf({ id, scopes, topics, state, expiresAt, lastUsedAt, by }: ListedKey): string {
  const minute = (at: number) => `${new Date(at).toISOString().slice(0, 16)}Z`;
  const good = state !== 'good' ? state : expiresAt === null ? 'good' : `good until ${minute(expiresAt)}`;
  const used = lastUsedAt === null ? 'never used' : `used ${minute(lastUsedAt)}`;
  const rest = [good, ...(by === null ? [] : [`by ${by}`]), used].join(', ');
  return `  ${id}  ${scopes.join(',')}  ${topics.join(',')}  ${rest}`;
}

function spanOf(text: string, line: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw misused(`“${text.slice(0, 40)}” is no duration; try 90d or 24h.`, line);
  return ms;
}
