// Where a silence that is wished for fits among those that are kept: it is one of them, as it is or changed, or a new one.
import { printWhen } from './bands.ts';
import { printMatcher } from './matcher.ts';
import type { Silence } from './silence.ts';

export interface WishedSilence {
  wanted: Omit<Silence, 'id'>;
  /** A weekly one without an end. */
  openEnd: boolean;
  /** The one that it is, when it is kept: then its times are these, also shorter ones. */
  id?: string;
}

/** longer: an equal one lasts longer now · changed: its times or words · renewed: it had no end and goes on · so: as it was. */
export type Was = 'longer' | 'changed' | 'renewed' | 'so';
export interface Fit {
  silence: Silence;
  was?: Was;
  /** What it held may be told earlier. */
  isShorter?: true;
}

/** One without an end lasts a year; it is renewed when so much of that is over, not each time it is said. */
const renewAfter = 30 * 86_400_000;

/** Fits one after another among these; undefined when the one that is named mutes something else. */
export function fittingAmong(kept: Silence[], newId: () => string, now: number) {
  const byWhat = new Map<string, Silence[]>();
  const byId = new Map<string, Silence>();
  const put = (silence: Silence, what: string) => {
    const same = byWhat.get(what) ?? [];
    byWhat.set(what, [...same.filter(({ id }) => id !== silence.id), silence]);
    byId.set(silence.id, silence);
  };
  for (const one of kept) put(one, whatOf(one));

  return (wish: WishedSilence): Fit | undefined => {
    const { wanted, id } = wish;
    const what = whatOf(wanted);
    const named = id === undefined ? undefined : byId.get(id);
    if (named && whatOf(named) !== what) return undefined;
    const same = byWhat.get(what) ?? [];
    const old = named ?? same.find((one) => covers(one, wanted)) ?? same.find((one) => meet(one, wanted));
    const fit = old ? joined(old, wish, named !== undefined, now) : { silence: { id: newId(), ...wanted } };
    if (fit.was !== 'so') put(fit.silence, what);
    return fit;
  };
}

function whatOf({ ownerId, topic, ruleId, match, weekly }: Omit<Silence, 'id'>): string {
  const hours = weekly && [printWhen(weekly.hours), weekly.zone];
  return JSON.stringify([ownerId, topic, ruleId, match.map(printMatcher).sort(), hours ?? null]);
}

function covers(one: Omit<Silence, 'id'>, other: Omit<Silence, 'id'>): boolean {
  return one.startsAt <= other.startsAt && other.endsAt <= one.endsAt;
}

/** Whether no time lies between them. */
function meet(one: Omit<Silence, 'id'>, other: Omit<Silence, 'id'>): boolean {
  return one.startsAt <= other.endsAt && other.startsAt <= one.endsAt;
}

function joined(old: Silence, { wanted, openEnd }: WishedSilence, isNamed: boolean, now: number): Fit {
  const lasts = openEnd && Math.abs(wanted.endsAt - old.endsAt) < renewAfter;
  // What has begun began when it did.
  const hasBegun = old.startsAt <= now && wanted.startsAt <= now;
  const startsAt = isNamed && !hasBegun ? wanted.startsAt : Math.min(old.startsAt, wanted.startsAt);
  const endsAt = lasts ? old.endsAt : isNamed ? wanted.endsAt : Math.max(old.endsAt, wanted.endsAt);
  const comment = wanted.comment || old.comment;
  const isLonger = startsAt < old.startsAt || endsAt > old.endsAt;
  const isShorter = startsAt > old.startsAt || endsAt < old.endsAt;
  if (!isLonger && !isShorter && comment === old.comment) return { silence: old, was: 'so' };
  const silence = { ...old, startsAt, endsAt, comment, by: wanted.by };
  if (isShorter) return { silence, was: 'changed', isShorter };
  return { silence, was: !isLonger ? 'changed' : openEnd ? 'renewed' : 'longer' };
}
