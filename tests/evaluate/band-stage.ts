// A stage for rules with time bands: one standing, stepped as the worker does, told by Berlin's clock.
import { Temporal } from 'temporal-polyfill';
import { stepAlert } from '#core/alert-life.ts';
import { type Band, parseWhen } from '#core/bands.ts';
import type { Rule } from '#core/rule.ts';
import { freshStanding, passTime, type Standing, seeEvent, type Told } from '../../src/evaluate/evaluate.ts';
import { readyRule, type Watch } from '../../src/evaluate/index/watch.ts';
import { eventWith, ruleWith } from './stage.ts';

export const minute = 60_000;

export function band(text: string, given: Partial<Band> = {}): Band {
  const read = parseWhen(text);
  if (!read.ok) throw new Error(read.fault);
  return { when: read.when, ...given };
}

/** Work hours 90 to the team, otherwise 97 to home. */
export const workAndHome: Band[] = [
  band('Mon-Fri 09:00-18:00'),
  band('otherwise', { params: { limit: 97 }, to: ['v_home'] }),
];

export function watchOf(given: Partial<Rule> = {}): Watch {
  const ready = readyRule(
    ruleWith({ id: 'r', to: ['v_work'], bands: workAndHome, zone: 'Europe/Berlin', ...given }),
  );
  if (!ready.ok) throw new Error(ready.fault);
  return ready.watch;
}

/** An instant by Berlin's clock: `Tue 09:30` of the week of 2 November 2026. */
export function berlin(text: string, week = '2026-11-02'): number {
  const [day, clock] = text.split(' ') as [string, string];
  const date = Temporal.PlainDate.from(week).add({
    days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(day),
  });
  return date.toZonedDateTime({ timeZone: 'Europe/Berlin', plainTime: clock }).epochMilliseconds;
}
function clock(instant: number): string {
  const there = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO('Europe/Berlin');
  const day = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][there.dayOfWeek - 1];
  return `${day} ${there.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}

export function bandStage(watch: Watch) {
  let standing: Standing = freshStanding('k');
  let ids = 0;
  const steps: Told[] = [];
  const take = (turn: { standing: Standing; steps: Told[] }) => {
    // Every turn goes through the ledger's form.
    standing = JSON.parse(JSON.stringify(turn.standing)) as Standing;
    standing.alert ??= undefined;
    steps.push(...turn.steps);
  };
  return {
    see(when: number, usage: number | null, given: object = {}) {
      const data: Record<string, number> = usage === null ? {} : { usage };
      take(seeEvent(watch, standing, eventWith({ receivedAt: when, data, ...given }), {}, () => `a${++ids}`));
    },
    pass(when: number) {
      take(passTime(watch, standing, when, () => `a${++ids}`));
    },
    closeByHand(when: number) {
      stepAlert(standing.alert!, { is: 'resolve', by: { is: 'clock' } }, when);
      standing = { ...standing, alert: undefined };
    },
    standing: () => standing,
    steps,
    story: (say = clock) =>
      steps
        .filter(({ transition }) => transition.change !== 'updated')
        .map(({ transition, receivers }) =>
          `${say(transition.at)} ${transition.change} ${receivers.join('+')}`.trim(),
        ),
  };
}
