// Import silences: what many documents mute, all of them or none; the same documents again change nothing.
import type { Actor } from '#core/actor.ts';
import { sayDuration } from '#core/duration.ts';
import { nearest } from '#core/nearest.ts';
import { type Refusal, refuse } from '#core/outcome.ts';
import type { Silence } from '#core/silence.ts';
import { type SilenceDocument, silenceDocument } from '#core/silence-document.ts';
import type { Tx } from '#store/connection.ts';
import { ownerNamed } from '#store/named-owner.ts';
import { settingsOf } from '#store/people.ts';
import { findRule, rulesOf } from '#store/rules.ts';
import { silencesKept } from '#store/silences.ts';
import type { FileFault, Written } from './rule-text.ts';
import {
  layDown,
  mutesSame,
  type Placed,
  placeSilence,
  readSilence,
  type SilenceInput,
  verb,
} from './silence-alerts.ts';
import type { World } from './world.ts';
import { writeAll } from './write.ts';

/** How many silences an owner may have that hold or will. */
const mostKept = 500;

export interface SilencesImported {
  created: number;
  changed: number;
  unchanged: number;
  silences: Silence[];
}

/** Each is noted as if it had been said alone. `ownerId`: whose they are when a document says no `owner`. */
export async function importSilences(
  world: World,
  actor: Actor,
  input: { written: Written[]; ownerId?: string },
  now: number,
): Promise<({ ok: true } & SilencesImported) | (Refusal & { faults?: FileFault[] })> {
  const wishes = input.written.map(() => ({ actor, verb }));
  let refused: (Refusal & { faults?: FileFault[] }) | undefined;
  const outcomes = await writeAll<{ silence: Silence; was?: 'longer' | 'so' }>(
    world,
    wishes,
    now,
    async (tx) => {
      const placed = await placeAll(world, tx, actor, input, now);
      refused = placed.ok ? await tooMany(tx, placed.all, now) : placed;
      if (!placed.ok || refused) return { done: wishes.map(() => refused) };
      const done = [];
      for (const one of placed.all) done.push(await layDown(tx, world, one, now));
      return { done };
    },
  );
  if (refused) return refused;
  const done = outcomes.flatMap((one) => (one?.ok ? [one] : []));
  const many = (was: 'longer' | 'so' | undefined) => done.filter((one) => one.was === was).length;
  return {
    ok: true,
    created: many(undefined),
    changed: many('longer'),
    unchanged: many('so'),
    silences: done.map(({ silence }) => silence),
  };
}

type All = { ok: true; all: Placed[] } | (Refusal & { faults?: FileFault[] });

async function placeAll(
  world: World,
  tx: Tx,
  actor: Actor,
  { written, ownerId }: { written: Written[]; ownerId?: string },
  now: number,
): Promise<All> {
  const all: Placed[] = [];
  const faults: FileFault[] = [];
  for (const one of written) {
    const fault = (path: string, text: string) => {
      const line = one.lineOf(path);
      const whole = [one.path, path].filter(Boolean).join('.');
      faults.push({ path: whole, text, ...(line === undefined ? {} : { line }) });
    };
    const document = read(one.document, fault);
    const input = document && (await inputOf(world, tx, document, ownerId, fault, now));
    if (!input) continue;
    const checked = readSilence(input, now);
    if (!checked.ok) {
      for (const { path, text } of checked.faults) fault(path, text);
      continue;
    }
    const placed = await placeSilence(tx, actor, checked);
    if (placed.ok) all.push(placed);
    else return placed;
  }
  if (faults.length === 0) return { ok: true, all };
  const more = faults.length > 1 ? ` There are ${faults.length} faults.` : '';
  const { path, text } = faults[0]!;
  return {
    ...refuse(
      'invalid',
      `Nothing is muted. ${path === '' ? '' : `${path}: `}${text.replace(/\.$/, '')}.${more}`,
    ),
    faults: faults.slice(0, 100),
  };
}

type Fault = (path: string, text: string) => void;
const known = Object.keys(silenceDocument.shape);

function read(document: unknown, fault: Fault): SilenceDocument | undefined {
  const checked = silenceDocument.safeParse(document);
  if (checked.success) return checked.data;
  for (const issue of checked.error.issues) {
    if (issue.code !== 'unrecognized_keys') fault(issue.path.join('.'), issue.message);
    else
      for (const name of issue.keys) {
        const near = nearest(name, known);
        fault(
          [...issue.path, name.slice(0, 60)].join('.'),
          `there is no such field; ${near ? `did you mean “${near}”?` : `there are ${known.join(', ')}`}`,
        );
      }
  }
  return undefined;
}

async function inputOf(
  world: World,
  tx: Tx,
  { owner, rule, topic, match, from, until, for: span, weekly, comment }: SilenceDocument,
  usual: string | undefined,
  fault: Fault,
  now: number,
): Promise<SilenceInput | undefined> {
  const said = owner ?? usual;
  const ownerId = said === undefined ? undefined : await ownerNamed(tx, said);
  if (said !== undefined && ownerId === undefined) return void fault('owner', 'nobody here is called that');
  const found = rule === undefined ? undefined : await ruleNamed(tx, rule, ownerId);
  if (rule !== undefined && !found) return void fault('rule', 'there is no such rule');
  if (ownerId !== undefined && found && found.ownerId !== ownerId)
    return void fault('rule', 'this rule belongs to somebody else');
  const whose = ownerId ?? found?.ownerId;
  if (whose === undefined) return void fault('owner', 'whose alerts are muted? such as telegram:7001');
  if (until !== undefined && until <= now)
    return void fault('until', `this was over ${sayDuration(now - until)} ago`);
  // What was to begin earlier begins now.
  const startsAt = Math.max(from ?? now, now);
  const lasts = span ?? (until === undefined ? undefined : until - startsAt);
  const zone = typeof weekly === 'string' ? (await settingsOf(tx, whose, world.defaultZone)).zone : undefined;
  return {
    ...(found ? { ruleId: found.id } : { ownerId: whose }),
    ...(topic === undefined ? {} : { topic }),
    ...(match === undefined ? {} : { match }),
    startsAt,
    ...(lasts === undefined ? {} : { for: lasts }),
    ...(weekly === undefined
      ? {}
      : { weekly: typeof weekly === 'string' ? { when: weekly, zone: zone! } : weekly }),
    ...(comment === undefined ? {} : { comment }),
  };
}

async function ruleNamed(tx: Tx, said: string, ownerId: string | undefined) {
  const byId = await findRule(tx, said);
  if (byId || ownerId === undefined) return byId;
  return (await rulesOf(tx, [ownerId])).find(({ name }) => name === said);
}

async function tooMany(tx: Tx, all: Placed[], now: number): Promise<Refusal | undefined> {
  for (const ownerId of new Set(all.map(({ wanted }) => wanted.ownerId))) {
    const kept = await silencesKept(tx, [ownerId], now);
    const isNew = all.filter(
      ({ wanted }) => wanted.ownerId === ownerId && !kept.some((one) => mutesSame(one, wanted)),
    );
    if (isNew.length > 0 && kept.length + isNew.length > mostKept)
      return refuse('conflict', `Nothing is muted: an owner may have ${mostKept} silences at a time.`);
  }
  return undefined;
}
