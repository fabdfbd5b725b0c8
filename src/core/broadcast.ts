// Broadcasts: a notice to a chosen group or to whoever watches what fulfils conditions, in parts and again until done. Pure.
import type { Condition } from './condition.ts';
import type { NotificationStatus, Reason } from './notification.ts';
import { house } from './owner.ts';

/** To whom. A cohort: the things under a topic whose newest event fulfils the conditions, and those who watch them. */
export type Audience =
  | { to: 'everyone' }
  | { to: 'group'; groupId: string }
  | { to: 'cohort'; topic: string; match: Condition[] };

/** Whose admins decide about it: the group's, or those of the house. */
export function decidedBy(audience: Audience): string {
  return audience.to === 'group' ? audience.groupId : house;
}

/** What comes next: the first part, the others of the first round, or another round. */
export type Step = 'first' | 'rest' | 'round';

export interface Course {
  id: string;
  status: 'running' | 'done' | 'stopped';
  next: Step;
  /** When; while the rest waits for somebody's word, when it ends. */
  nextAt: number;
  /** How often it was told. */
  round: number;
  /** How many of a hundred are told first; null: all at once. */
  firstPercent: number | null;
  /** How long after the first the rest is told; null: when somebody says so. */
  restAfterMs: number | null;
  /** Again after so long to those who have neither seen it nor left; null: once. */
  everyMs: number | null;
  endsAt: number;
}

/** What is known of one who was reached. */
export interface Reached {
  ownerId: string;
  /** The last round in which it was told; 0: not yet. */
  round: number;
  seenAt: number | null;
  /** No longer in the cohort: done. */
  leftAt: number | null;
}

export interface Turn {
  /** Who is told now, each once. */
  tell: string[];
  /** Who is no longer concerned, and who is again. */
  left: string[];
  back: string[];
  /** Who is concerned and was not before. */
  joined: string[];
  course: Pick<Course, 'status' | 'next' | 'nextAt' | 'round'>;
}

/** Whether the rest waits until somebody says so. */
export function waitsForWord({ status, next, restAfterMs }: Course): boolean {
  return status === 'running' && next === 'rest' && restAfterMs === null;
}

/** One step, whose time has come. `concerned`: whom the audience holds now. Taken twice in a round, nobody is told twice. */
export function takeTurn(
  course: Course,
  concerned: readonly string[],
  reached: readonly Reached[],
  now: number,
): Turn {
  const { id, next, firstPercent, restAfterMs, everyMs, endsAt } = course;
  const known = new Map(reached.map((one) => [one.ownerId, one]));
  const here = new Set(concerned);
  const changes = {
    left: reached.filter(({ ownerId, leftAt }) => leftAt === null && !here.has(ownerId)).map(nameOf),
    back: reached.filter(({ ownerId, leftAt }) => leftAt !== null && here.has(ownerId)).map(nameOf),
    joined: [...here].filter((ownerId) => !known.has(ownerId)),
  };
  const done = { tell: [], ...changes, course: { ...course, status: 'done' as const, nextAt: endsAt } };
  if (now >= endsAt) return done;
  const round = next === 'rest' ? Math.max(1, course.round) : course.round + 1;
  const open = [...here].filter((ownerId) => {
    const one = known.get(ownerId);
    // Who is back is concerned anew, whatever they had seen.
    return one === undefined || (one.round < round && (one.seenAt === null || one.leftAt !== null));
  });
  if (next === 'first' && firstPercent !== null) {
    const tell = fraction(id, open, firstPercent);
    if (tell.length < open.length) {
      const nextAt = restAfterMs === null ? endsAt : Math.min(endsAt, now + restAfterMs);
      return { tell, ...changes, course: { status: 'running', next: 'rest', nextAt, round } };
    }
  }
  if (next === 'round' && open.length === 0) return done;
  if (everyMs === null) return { ...done, tell: open, course: { ...done.course, next: 'round', round } };
  const nextAt = Math.min(endsAt, now + everyMs);
  return { tell: open, ...changes, course: { status: 'running', next: 'round', nextAt, round } };
}

/** At least one of them, others for every broadcast, and always the same for one. */
function fraction(id: string, ownerIds: readonly string[], percent: number): string[] {
  const count = Math.ceil((ownerIds.length * percent) / 100);
  return ownerIds
    .map((ownerId) => ({ ownerId, place: scatter(`${id} ${ownerId}`) }))
    .sort((a, b) => a.place - b.place || (a.ownerId < b.ownerId ? -1 : 1))
    .slice(0, count)
    .map(nameOf);
}

// FNV-1a: any even scattering will do.
function scatter(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

const nameOf = ({ ownerId }: { ownerId: string }) => ownerId;

/** What came of it for one receiver. */
export const fates = [
  'waiting',
  'on-its-way',
  'held',
  'told',
  'seen',
  'left',
  'opted-out',
  'unreachable',
  'stopped',
] as const;
export type Fate = (typeof fates)[number];

/** `told`: what became of the last message to them; null: none was made. */
export function fateOf(
  one: Pick<Reached, 'round' | 'seenAt' | 'leftAt'>,
  told: { status: NotificationStatus; reason: Reason | null } | null,
): Fate {
  if (one.leftAt !== null) return 'left';
  if (one.seenAt !== null) return 'seen';
  if (told === null) return one.round === 0 ? 'waiting' : 'unreachable';
  if (told.status === 'sent') return 'told';
  if (told.status === 'held') return 'held';
  if (told.status === 'dead') return 'unreachable';
  if (told.status !== 'suppressed') return 'on-its-way';
  if (told.reason === 'opted-out') return 'opted-out';
  return told.reason === 'stopped' ? 'stopped' : 'unreachable';
}

/** The topic by which people opt out of broadcasts. */
export const broadcastTopic = 'tocsin.broadcast';
