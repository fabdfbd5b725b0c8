// What the ledger answered to a POST, as one is told: taken, or why nothing was.
import type { World } from '#operations/world.ts';
import type { Answer } from './accept.ts';
import type { Admitted } from './admitting.ts';
import type { Fault } from './format.ts';
import { pathOf } from './places.ts';
import { type Problem, problems } from './problem.ts';

/** What is in the ledger now. */
export interface Taken {
  accepted: number;
  duplicates: number;
  events: { id: string; seq: number; duplicate: boolean }[];
  /** The situations that the events are of, one for each. */
  fingerprints: string[];
  /** When it is no event yet: the number under which the body is kept, and what is missing. */
  kept?: { id: number; missing: Fault[] };
}

/** What is told of these rows, and counted. */
export function answerOf({ meter }: World, { rows, at }: Admitted, answer: Answer): Taken | Problem {
  if (answer.is !== 'taken') return refusal(answer, at);
  let duplicates = 0;
  const events = answer.events.map(({ seq, duplicate }, index) => {
    if (duplicate) duplicates++;
    return { id: rows[index]!.eventId, seq, duplicate };
  });
  meter.count('events_accepted', {}, rows.length - duplicates);
  if (duplicates > 0) meter.count('events_duplicate', {}, duplicates);
  const fingerprints = rows.map(({ fingerprint }) => fingerprint);
  return { accepted: rows.length - duplicates, duplicates, events, fingerprints };
}

function refusal(answer: Exclude<Answer, { is: 'taken' }>, at: string[]): Problem {
  switch (answer.is) {
    case 'reused':
      return problems.reused(
        answer.places.map((place) => ({
          path: pathOf(at[place]!, 'id'),
          text: 'this id names another event',
        })),
      );
    case 'poison':
      return problems.invalid(
        (answer.places.length > 0 ? answer.places.map((place) => at[place]!) : ['']).map((path) => ({
          path,
          text: 'the database cannot keep what this event holds',
        })),
      );
    case 'full':
      return problems.tooFast(1, 'More events wait for the database than we hold; come again in a second.');
    case 'away':
      return problems.away();
  }
}
