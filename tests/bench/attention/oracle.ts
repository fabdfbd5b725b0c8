// What must be true of a month, from the script and from what stood in the chats: it knows nothing of gates and ledgers.
import { hour, type Month, minute, type Resident, type Situation, watches } from './month.ts';

/** Something that appeared in a chat. */
export interface Seen {
  at: number;
  chat: number;
  id: number;
  what: 'new' | 'edit';
  silent: boolean;
  text: string;
}

export interface Verdict {
  person: Resident & { quieterAt?: number | undefined };
  situations: number;
  sounding: number;
  silent: number;
  edits: number;
  /** Sounded while they sleep, about nothing that may wake them. */
  atNight: string[];
  /** Never told, not even counted. */
  untold: string[];
  late: string[];
  /** Heard that it burns, never that it is over. */
  orphans: string[];
  /** The same told twice, the second time not marked as a possible repeat. */
  doubled: string[];
  /** Milliseconds until told, of what may be told at once. */
  waits: number[];
}

/** Sending, pacing and a second look. */
const slack = 3 * minute;

/** Judges one person's month. `quieterAt`: when they let everything be gathered hourly. */
export function judgePerson(month: Month, resident: Resident, all: Seen[], quieterAt?: number): Verdict {
  const person = { ...resident, quieterAt };
  const seen = all.filter(({ chat }) => chat === person.chat);
  const mine = month.situations.filter(({ topic }) => watches(person, topic));
  const critical = new Set(mine.filter((one) => one.critical).map(({ subject }) => subject));
  const named = bySubject(seen);
  const verdict: Verdict = {
    person,
    situations: mine.length,
    sounding: seen.filter(({ what, silent }) => what === 'new' && !silent).length,
    silent: seen.filter(({ what, silent }) => what === 'new' && silent).length,
    edits: seen.filter(({ what }) => what === 'edit').length,
    atNight: [],
    untold: [],
    late: [],
    orphans: [],
    doubled: doubledIn(seen),
    waits: [],
  };
  for (const one of seen) {
    if (one.what !== 'new' || one.silent || !asleep(person, one.at)) continue;
    const wakes =
      person.quiet!.breakthrough === 'critical' && subjectsIn(one.text).some((name) => critical.has(name));
    if (!wakes) verdict.atNight.push(one.text.split('\n')[0]!);
  }
  for (const situation of mine)
    judgeSituation(month, verdict, situation, named.get(situation.subject) ?? [], seen);
  return verdict;
}

function judgeSituation(
  month: Month,
  verdict: Verdict,
  situation: Situation,
  told: Seen[],
  seen: Seen[],
): void {
  const { person } = verdict;
  const counted = situation.storm || !told[0] ? countedIn(situation, seen) : undefined;
  const first = [told[0], counted].filter((one) => one !== undefined).sort((a, b) => a.at - b.at)[0];
  if (!first) return void verdict.untold.push(situation.subject);
  const may = firstHearing(month, person, situation);
  if (first.at > may + slack)
    verdict.late.push(`${situation.subject} +${Math.round((first.at - may) / minute)} min`);
  if (may === situation.from) verdict.waits.push(first.at - situation.from);
  const burning = told.filter(({ text }) => burns(text, situation.subject));
  const ends = told.some(({ at, text }) => at >= situation.from && isOver(text, situation.subject));
  if (burning.length > 0 && !ends && !endsOnBoard(situation, seen)) verdict.orphans.push(situation.subject);
}

/** When they may first be told, by their own clock and wishes alone. */
function firstHearing(month: Month, person: Verdict['person'], { from, critical }: Situation): number {
  let at = from;
  const quieter = person.quieterAt !== undefined && from + slack >= person.quieterAt;
  // The product says that what is urgent is neither gathered nor capped.
  if (!critical) at += quieter ? Math.max(hour, person.patience) : person.patience;
  const wakes = critical && person.quiet?.breakthrough === 'critical';
  while (!wakes && asleep(person, at)) at += minute - (at % minute);
  for (const outage of month.outages)
    if (at + slack >= outage.from && at < outage.to) at = outage.to + 10 * minute;
  // A few attempts fail, with twice as long between them each time.
  for (const { from: begins, to } of month.troubles)
    if (at + slack >= begins && at < to + slack) at += 5 * minute;
  return at;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** By the wall clock of their zone, as the browser knows it. */
export function asleep({ quiet, zone }: Resident, at: number): boolean {
  if (!quiet) return false;
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hour12: false,
    });
    clocks.set(zone, clock);
  }
  const [hours = 0, minutes = 0] = clock.format(at).split(':').map(Number);
  const now = (hours % 24) * 60 + minutes;
  return quiet.from > quiet.to ? now >= quiet.from || now < quiet.to : now >= quiet.from && now < quiet.to;
}

function subjectsIn(text: string): string[] {
  return text.match(/\b[ts]\d+[nfv]\d+x\b/g) ?? [];
}

function bySubject(seen: Seen[]): Map<string, Seen[]> {
  const named = new Map<string, Seen[]>();
  for (const one of seen)
    for (const subject of new Set(subjectsIn(one.text))) {
      const list = named.get(subject);
      if (list) list.push(one);
      else named.set(subject, [one]);
    }
  return named;
}

/** A message that tells of more than it names: “and 12 more”, “10,000 alerts”. */
function countedIn(situation: Situation, seen: Seen[]): Seen | undefined {
  return seen.find(
    ({ at, text }) =>
      at >= situation.from &&
      /and [\d,]+ more|\d+ alerts in |Came and went: \d+|Still burning: \d+/.test(text) &&
      at <= situation.to + 12 * hour,
  );
}

const lineOf = (text: string, subject: string) =>
  text.split('\n').find((line) => line.includes(subject)) ?? '';

function burns(text: string, subject: string): boolean {
  const line = lineOf(text, subject);
  return /^(🔴|🟠|🔵|\d+\.)/u.test(line) && !/came and went|is over/.test(line);
}

function isOver(text: string, subject: string): boolean {
  const line = lineOf(text, subject);
  return /✅|is over|is closed|came and went|lasted/u.test(line);
}

/** A board that names it as one of the worst says in the end that everything on it is over. */
function endsOnBoard({ storm, from }: Situation, seen: Seen[]): boolean {
  return seen.some(
    ({ at, text }) =>
      at >= from &&
      (/all of them are over|0 burning|\b(\d[\d,]*) over\b/.test(text) || (storm && /Over: \d+/.test(text))),
  );
}

const marked = /possible repeat/;

/** As long as a link that flaps stays as it is; attempts at one message follow each other faster. */
const apart = 2 * minute;

/** New messages that say, word for word, what another one said just before, and are not marked. */
function doubledIn(seen: Seen[]): string[] {
  const lately = new Map<string, number>();
  const found: string[] = [];
  for (const { at, what, text } of seen) {
    if (what !== 'new' || marked.test(text)) continue;
    const before = lately.get(text);
    if (before !== undefined && at - before < apart) found.push(text.split('\n')[0]!);
    lately.set(text, at);
  }
  return found;
}
