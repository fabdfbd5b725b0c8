// `tocsin rules back-test`: what each rule of a file would have told, from the events that are kept.
import { sayNumber } from '#core/field.ts';
import { sayInstant } from '#core/hours.ts';
import { sparkline } from '#core/sparkline.ts';
import { openBackTests } from '#evaluate/back-tests.ts';
import type { BackTest, WouldBe } from '#operations/back-test-book.ts';
import type { Written } from '#operations/document-text.ts';
import { operator } from './operator.ts';
import type { OperatorWorld } from './operator-world.ts';
import type { Surroundings } from './verb.ts';

export interface Asked {
  ownerId: string;
  days?: number;
  limits: number[];
}

const mostShown = 10;

/** Prints the answer for every rule; resolves with the exit code. Nothing is saved. */
export async function backTestRules(
  world: OperatorWorld,
  { print, aside, now }: Surroundings,
  rules: Written[],
  asked: Asked,
): Promise<number> {
  const book = openBackTests(world, () => performance.now());
  let wrong = 0;
  for (const { document, line, lineOf } of rules) {
    // What was exported says which rule it was, and whose.
    const { owner: _owner, id: _id, ...rule } = document as { owner?: unknown; id?: unknown };
    const done = await book.run(operator, { ...asked, rule: { document: rule } }, {}, now);
    if (done.ok) {
      print(said(done.result).join('\n'));
      continue;
    }
    wrong++;
    const faults = done.faults ?? [{ path: '', text: done.text }];
    for (const { path, text } of faults) {
      const at = lineOf(path) ?? line;
      aside(`${at === undefined ? '' : `line ${at}: `}${path === '' ? '' : `${path}: `}${text}`);
    }
  }
  return wrong === 0 ? 0 : 1;
}

function said(test: BackTest): string[] {
  const { name, told, atNight, heldByQuiet, events, asked, zone, to, days, oldest } = test;
  const clock = (at: number) => sayInstant(at, zone, to);
  const since = test.whole
    ? `${days} days`
    : oldest === null
      ? `${days} days (nothing under its topic is kept)`
      : `the time since ${clock(oldest)}, from which on events are kept`;
  const seconds = (test.tookMs / 1000).toFixed(1);
  return [
    name,
    `  would have told ${many(told)} in ${since}, ${atNight} at night, ${heldByQuiet} held by quiet hours  ${sparkline(test.perDay.map((day) => day.told))}`,
    `  ${events.toLocaleString('en-US')} events, ${asked.toLocaleString('en-US')} asked about, ${seconds} s`,
    ...(test.verify === null ? [] : [`  as if ${test.verify}, which is asked first, had never answered`]),
    ...test.variants.map(
      ({ limit, told, atNight }) => `  limit ${sayNumber(limit)}: ${many(told)}, ${atNight} at night`,
    ),
    ...test.first.slice(0, mostShown).map((one) => `  ${lineOf(one, clock)}`),
    ...(told > mostShown ? [`  … ${(told - mostShown).toLocaleString('en-US')} more`] : []),
  ];
}

function lineOf({ at, overAt, subject, text }: WouldBe, clock: (at: number) => string): string {
  const until = overAt === null ? ', still burning' : overAt === at ? '' : ` until ${clock(overAt)}`;
  return `${clock(at)}${until}  ${subject}  ${text}`;
}

function many(count: number): string {
  return count === 1 ? 'once' : `${count.toLocaleString('en-US')} times`;
}
