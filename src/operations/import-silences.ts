// Import silences: what many documents mute, all of them or none; the same documents again change nothing.
import type { Actor } from '#core/actor.ts';
import { nearest } from '#core/nearest.ts';
import { type Refusal, refuse } from '#core/outcome.ts';
import type { Silence } from '#core/silence.ts';
import { type SilenceDocument, silenceDocument } from '#core/silence-document.ts';
import { type Fit, fittingAmong, type Was, type WishedSilence } from '#core/silence-fit.ts';
import type { Tx } from '#store/connection.ts';
import { judgeAgain } from '#store/fates.ts';
import { ownerNamed } from '#store/named-owner.ts';
import { settingsOf } from '#store/people.ts';
import { receiversOf } from '#store/receivers.ts';
import { rulesMeant } from '#store/rule-names.ts';
import { findRule, ruleMadeAt } from '#store/rules.ts';
import { silencesKept } from '#store/silences.ts';
import type { FileFault, Written } from './document-text.ts';
import { authorise } from './may.ts';
import { layDown, readSilence, type SilenceInput, shortest, verb, wishOf } from './silence-alerts.ts';
import type { World } from './world.ts';
import { writeAll } from './write.ts';

/** How many silences an owner may have that hold or will. */
const mostKept = 500;

export interface SilencesImported {
  created: number;
  changed: number;
  unchanged: number;
  /** Had ended, or had less than a minute left, or their rule is gone. */
  over: number;
  silences: Silence[];
}
type Refused = Refusal & { faults?: FileFault[] };

/** Each is noted as if it had been said alone. `ownerId`: whose they are when a document says no `owner`. */
export async function importSilences(
  world: World,
  actor: Actor,
  input: { written: Written[]; ownerId?: string },
  now: number,
): Promise<({ ok: true } & SilencesImported) | Refused> {
  const wishes = input.written.map(() => ({ actor, verb }));
  let refused: Refused | undefined;
  const outcomes = await writeAll<{ silence: Silence; was?: Was }>(world, wishes, now, async (tx) => {
    const read = await readAll(world, tx, actor, input, now);
    const all = read.ok ? await fitAll(world, tx, read.all, now) : read;
    refused = all.ok ? undefined : all;
    if (!all.ok) return { done: wishes.map(() => all) };
    const done = [];
    for (const fit of all.fits) done.push(fit && (await layDown(tx, fit)));
    const shorter = all.fits.flatMap((fit) => (fit?.isShorter ? [fit.silence.ownerId] : []));
    const told = shorter.length > 0 ? await receiversOf(tx, [...new Set(shorter)]) : [];
    return {
      done,
      rings: await judgeAgain(
        tx,
        told.map(({ id }) => id),
        now,
      ),
    };
  });
  if (refused) return refused;
  const done = outcomes.flatMap((one) => (one?.ok ? [one] : []));
  const created = done.filter(({ was }) => was === undefined).length;
  const unchanged = done.filter(({ was }) => was === 'so').length;
  return {
    ok: true,
    created,
    changed: done.length - created - unchanged,
    unchanged,
    over: wishes.length - done.length,
    silences: [...new Map(done.map(({ silence }) => [silence.id, silence])).values()],
  };
}

/** What one document asks for; undefined: it is over. */
type Wish = (WishedSilence & { fault: Fault }) | undefined;

async function readAll(
  world: World,
  tx: Tx,
  actor: Actor,
  { written, ownerId }: { written: Written[]; ownerId?: string },
  now: number,
): Promise<{ ok: true; all: { wishes: Wish[]; faults: FileFault[] } } | Refused> {
  const wishes: Wish[] = [];
  const faults: FileFault[] = [];
  const known = knowing(world, tx, actor);
  for (const one of written) {
    const fault = (path: string, text: string) => {
      const line = one.lineOf(path);
      const whole = [one.path, path].filter(Boolean).join('.');
      faults.push({ path: whole, text, ...(line === undefined ? {} : { line }) });
    };
    const document = read(one.document, fault);
    // What is wrong with its form hides nothing of whose it is.
    if (!document) await lookForOwner(known, one.document, ownerId, fault);
    const input =
      document && (isOver(document, now) ? 'over' : await inputOf(known, document, ownerId, fault, now));
    if (input === 'over') wishes.push(undefined);
    if (!input || input === 'over') continue;
    if (mutesAll(document!)) fault('topic', allText);
    const checked = readSilence(input, now);
    if (!checked.ok) {
      for (const { path, text } of checked.faults) fault(path, text);
      continue;
    }
    if (input.ownerId === undefined) continue;
    const refused = await known.refusal(input.ownerId);
    if (refused) return refused;
    const { id } = document!;
    wishes.push({ ...wishOf(actor, checked, input.ownerId), ...(id === undefined ? {} : { id }), fault });
  }
  return faults.length > 0 ? unfit(faults) : { ok: true, all: { wishes, faults } };
}

function unfit(faults: FileFault[]): Refused {
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

/** What becomes of each, before anything is written. */
async function fitAll(
  world: World,
  tx: Tx,
  { wishes, faults }: { wishes: Wish[]; faults: FileFault[] },
  now: number,
): Promise<{ ok: true; fits: (Fit | undefined)[] } | Refused> {
  const owners = [...new Set(wishes.flatMap((wish) => wish?.wanted.ownerId ?? []))];
  const kept = await silencesKept(tx, owners, now);
  const counts = new Map<string, number>();
  const count = (ownerId: string) => counts.set(ownerId, (counts.get(ownerId) ?? 0) + 1).get(ownerId)!;
  for (const { ownerId } of kept) count(ownerId);
  const place = fittingAmong(kept, () => world.id('z'), now);
  const fits: (Fit | undefined)[] = [];
  for (const wish of wishes) {
    const found = wish && place(wish);
    if (wish && !found) wish.fault('id', 'this one mutes something else; leave id out to make another');
    if (found && !found.was && count(found.silence.ownerId) > mostKept)
      return refuse('conflict', `Nothing is muted: an owner may have ${mostKept} silences at a time.`);
    fits.push(found);
  }
  return faults.length > 0 ? unfit(faults) : { ok: true, fits };
}

type Fault = (path: string, text: string) => void;
const names = Object.keys(silenceDocument.shape);

function read(document: unknown, fault: Fault): SilenceDocument | undefined {
  const checked = silenceDocument.safeParse(document);
  if (checked.success) return checked.data;
  for (const issue of checked.error.issues) {
    if (issue.code !== 'unrecognized_keys') fault(issue.path.join('.'), issue.message);
    else
      for (const name of issue.keys) {
        fault([...issue.path, name.slice(0, 60)].join('.'), unknown(name));
      }
  }
  return undefined;
}

function unknown(name: string): string {
  if (name === 'by') return 'a silence is made by the key that sends it; leave this out';
  const near = nearest(name, names);
  return `there is no such field; ${near ? `did you mean “${near}”?` : `there are ${names.join(', ')}`}`;
}

/** Whether its time has come to its end, or nearly; what is too short from the beginning is a fault instead. */
function isOver({ from, until, for: span }: SilenceDocument, now: number): boolean {
  const lasts = span ?? (until !== undefined && from !== undefined ? until - from : undefined);
  const endsAt = until ?? (span === undefined ? undefined : (from ?? now) + span);
  return endsAt !== undefined && endsAt < now + shortest && !(lasts !== undefined && lasts < shortest);
}

/** What documents name, each looked up once. */
function knowing({ defaultZone }: World, tx: Tx, actor: Actor) {
  const found = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, look: () => Promise<T>): Promise<T> => {
    if (!found.has(key)) found.set(key, look());
    return found.get(key) as Promise<T>;
  };
  return {
    owner: (said: string) => once(`owner ${said}`, () => ownerNamed(tx, said)),
    rule: (id: string) => once(`rule ${id}`, () => findRule(tx, id)),
    wasThere: (id: string) => once(`was ${id}`, () => ruleMadeAt(tx, id)),
    meant: (ownerId: string, said: string) =>
      once(`meant ${ownerId} ${said}`, () => rulesMeant(tx, ownerId, said)),
    zone: (ownerId: string) =>
      once(`zone ${ownerId}`, async () => (await settingsOf(tx, ownerId, defaultZone)).zone),
    refusal: (ownerId: string) => once(`may ${ownerId}`, () => authorise(tx, actor, 'rule', ownerId)),
  };
}
type Known = ReturnType<typeof knowing>;

async function inputOf(
  known: Known,
  { owner, rule, topic, match, from, until, for: span, weekly, comment }: SilenceDocument,
  usual: string | undefined,
  fault: Fault,
  now: number,
): Promise<SilenceInput | 'over'> {
  const said = owner ?? usual;
  const ownerId = said === undefined ? undefined : await known.owner(said);
  const isLost = said !== undefined && ownerId === undefined;
  if (isLost) fault('owner', 'nobody here is called that');
  const ruleId = rule === undefined || isLost ? undefined : await ruleNamed(known, rule, ownerId, fault);
  if (ruleId === 'gone') return 'over';
  const whose = ownerId ?? (ruleId && (await known.rule(ruleId))?.ownerId);
  if (said === undefined && rule === undefined && whose === undefined) fault('owner', whoseText);
  // What was to begin earlier begins now, and ends when it was to end.
  const startsAt = Math.max(from ?? now, now);
  const endsAt = until ?? (span === undefined ? undefined : (from ?? now) + span);
  return {
    ...(whose === undefined ? {} : { ownerId: whose }),
    startsAt,
    ...(ruleId === undefined ? {} : { ruleId }),
    ...(topic === undefined ? {} : { topic }),
    ...(match === undefined ? {} : { match }),
    ...(endsAt === undefined ? {} : { for: endsAt - startsAt }),
    ...(weekly === undefined
      ? {}
      : {
          weekly:
            typeof weekly === 'string'
              ? { when: weekly, zone: whose === undefined ? 'UTC' : await known.zone(whose) }
              : weekly,
        }),
    ...(comment === undefined ? {} : { comment }),
  };
}

const whoseText = 'whose alerts are muted? such as telegram:7001';

/** The fault of a document's owner, when its form has others already. */
async function lookForOwner(known: Known, document: unknown, usual: string | undefined, fault: Fault) {
  if (document === null || typeof document !== 'object') return;
  const { owner, rule } = document as { owner?: unknown; rule?: unknown };
  if (owner === undefined && rule === undefined && usual === undefined) fault('owner', whoseText);
  if (typeof owner === 'string' && owner.length <= 64 && (await known.owner(owner)) === undefined)
    fault('owner', 'nobody here is called that');
  // A strange name may have been meant for it.
  const isKnown = Object.keys(document).every((name) => names.includes(name));
  if (isKnown && mutesAll(document)) fault('topic', allText);
}

const allText = 'say what is muted: topic, match or rule; topic “**” mutes everything of the owner';

function mutesAll({ rule, topic, match }: { rule?: unknown; topic?: unknown; match?: unknown }): boolean {
  const isEmpty = match === undefined || (Array.isArray(match) && match.length === 0);
  return rule === undefined && topic === undefined && isEmpty;
}

/** A rule of the owner by its id or name, or of anybody by its id; one that was deleted can be muted no more. */
async function ruleNamed(
  known: Known,
  said: string,
  ownerId: string | undefined,
  fault: Fault,
): Promise<string | undefined> {
  const [id, another] = ownerId === undefined ? [] : await known.meant(ownerId, said);
  if (another !== undefined) return void fault('rule', 'several rules are called that; say the id of one');
  if (id !== undefined) return id;
  const found = await known.rule(said);
  if (!found && (await known.wasThere(said))) return 'gone';
  if (!found) return void fault('rule', 'there is no such rule');
  if (ownerId !== undefined) return void fault('rule', 'this rule belongs to somebody else');
  return found.id;
}
