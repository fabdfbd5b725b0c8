// What somebody missed, in one message: what still burns, what was changed, what was loud, the rest counted. Pure.
import type { Alert } from './alert.ts';
import { deedText } from './deed-words.ts';
import type { Line } from './message.ts';
import { sayReading } from './reading.ts';
import { severitySign } from './severity.ts';

export interface Counted {
  name: string;
  count: number;
}

/** Something that a person, a key or the operator did; the same deed again and again is counted. */
export interface ChangeMade {
  at: number;
  who: string;
  verb: string;
  /** What it was done to, by its name; empty when that is not known any more. */
  what: string;
  count: number;
}

export interface CatchUp {
  since: number;
  until: number;
  /** Only what is critical is shown and counted. */
  onlyCritical: boolean;
  burning: { count: number; unattended: number; shown: Alert[]; page: number; pages: number };
  changed: ChangeMade[];
  /** More than are shown. */
  changedMore: number;
  /** How often the loudest rules fired. */
  noisiest: Counted[];
  /** How many fired in this time, and are over. */
  fired: number;
  passed: Counted[];
  /** What arrived under the topics that are watched; `most`: there may have been more. */
  events: Counted[];
  eventsCut: boolean;
  /** What was held back or not told at all, by its reason. */
  held: Counted[];
}

export const perPage = 10;
const mostLetters = 3_200;

/** The words for it, without buttons: those are the chat's. */
export interface CaughtUp {
  title: string;
  lines: Line[];
  /** Shown folded: names and counts. */
  fields: [string, string][];
}

/** Whether there is anything to tell. */
export function isQuiet({ burning, changed, fired, events, held }: CatchUp): boolean {
  return (
    burning.count === 0 && changed.length === 0 && fired === 0 && events.length === 0 && held.length === 0
  );
}

/** Still burning first; what burns no longer is only counted. */
export function tellCatchUp(facts: CatchUp): CaughtUp {
  const { burning, changed, changedMore, noisiest, fired, passed, events, held } = facts;
  if (isQuiet(facts))
    return {
      title: facts.onlyCritical ? 'Nothing critical happened' : 'Nothing happened',
      lines: [['Nothing burns, and nothing was changed or told.']],
      fields: [],
    };
  const some = facts.onlyCritical ? 'critical ' : '';
  const told: CaughtUp = {
    title: 'What you missed',
    lines: [
      burning.count === 0
        ? [`Nothing ${some}burns now.`]
        : [
            { bold: `Still burning: ${say(burning.count)}` },
            burning.pages > 1 ? `, worst first, page ${burning.page + 1} of ${burning.pages}` : '',
          ],
      ...burning.shown.map((alert, i) => burningLine(alert, burning.page * perPage + i + 1)),
      ...section('Changed', changed, changeLine),
      ...(changedMore > 0
        ? [[`and ${say(changedMore)} more ${changedMore === 1 ? 'change' : 'changes'}`]]
        : []),
      ...section('Loudest', noisiest, ({ name, count }) => [`${name} · ${times(count)}`]),
      ...(fired > 0
        ? [
            [
              fired === 1
                ? `1 ${some}alert began; when it is over, it is folded below.`
                : `${say(fired)} ${some}alerts began; those that are over are folded below.`,
            ],
          ]
        : []),
    ],
    fields: [
      ...counted(() => 'came and went', passed),
      ...counted(
        (count) => `${count === 1 ? 'event' : 'events'}${facts.eventsCut ? ' at least' : ''}`,
        events,
      ),
      ...held.map(({ name, count }): [string, string] => [`not told at once: ${name}`, say(count)]),
    ],
  };
  return { ...told, fields: fitting(told) };
}

/** The folded part is the one that gives way: a message has an end. */
function fitting({ lines, fields }: CaughtUp): [string, string][] {
  const spans = lines.flatMap((line) => line.map((span) => (typeof span === 'string' ? span.length : 14)));
  let room = mostLetters - spans.reduce((sum, length) => sum + length, lines.length);
  const kept = fields.filter(([name, value]) => {
    room -= Math.min(name.length, 60) + value.length + 2;
    return room > 0;
  });
  const left = fields.length - kept.length;
  return left > 0 ? [...kept, [`and ${say(left)} more`, 'see /alerts and /rules']] : kept;
}

function section<T>(title: string, rows: T[], line: (row: T) => Line): Line[] {
  return rows.length === 0 ? [] : [[{ bold: title }], ...rows.map(line)];
}

function counted(what: (count: number) => string, rows: Counted[]): [string, string][] {
  return rows.map(({ name, count }) => [name, `${say(count)} ${what(count)}`]);
}

function burningLine(alert: Alert, number: number): Line {
  const { title, subject } = alert;
  const name = subject === '' || title.includes(subject) ? title : `${title}: ${subject}`;
  const reading = sayReading(alert.reading);
  return [
    `${number}. ${severitySign[alert.severity]} ${cut(name, 70)}`,
    ...(reading === '' ? [] : [` · ${cut(reading, 50)}`]),
    ' · since ',
    { instant: alert.since, show: 'clock' },
    ...(alert.acknowledgedBy ? [`, acknowledged by ${cut(alert.acknowledgedBy, 30)}`] : []),
  ];
}

function changeLine({ at, who, verb, what, count }: ChangeMade): Line {
  return [
    { instant: at, show: 'clock' },
    ` · ${cut(who, 30)} ${deedText(verb, cut(what, 50))}${count > 1 ? `, ${times(count)}` : ''}`,
  ];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${say(count)} times`;
}

function say(count: number): string {
  return count.toLocaleString('en-US');
}

function cut(text: string, length: number): string {
  const letters = [...text.replace(/\s+/g, ' ').trim()];
  return letters.length > length ? `${letters.slice(0, length - 1).join('')}…` : letters.join('');
}
