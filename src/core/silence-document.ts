// A silence as it is written outside: in a file, over HTTP; the same words in and out.
import { z } from 'zod';
import { printWhen } from './bands.ts';
import { isZone } from './hours.ts';
import { instantSchema } from './instant.ts';
import { printMatcher } from './matcher.ts';
import { spanSchema } from './rule.ts';
import { holdingNow, type Silence } from './silence.ts';

const text = (most: number) => z.string('must be text').max(most, `has at most ${most} characters`);

export const silenceDocument = z
  .strictObject({
    owner: text(64).optional(),
    /** A rule’s id, or its name among the owner’s. */
    rule: text(200).optional(),
    topic: text(255)
      .meta({ description: 'which topics; ** is everything. One of topic, match and rule is needed' })
      .optional(),
    match: z.array(text(500), 'must be a list of texts').max(20, 'has at most 20 conditions').optional(),
    from: instantSchema.optional(),
    until: instantSchema.optional(),
    for: spanSchema.optional(),
    /** `Sat 02:00-04:00` by the owner’s clock, or with the zone whose clock it is. */
    weekly: z
      .union(
        [
          text(200),
          z.strictObject({
            when: text(200),
            zone: z.string().refine(isZone, 'there is no such time zone; it is like Europe/Berlin'),
          }),
        ],
        'must be hours such as Sat 02:00-04:00, or {when, zone}',
      )
      .optional(),
    comment: text(500).optional(),
    id: text(64)
      .meta({
        description: 'the one that it is, when that still holds: it gets these times, shorter ones too',
      })
      .optional(),
    // What an export says besides.
    madeBy: text(200).meta({ description: 'who made it; told, and not read' }).optional(),
    state: text(20).meta({ description: 'how it is; told, and not read' }).optional(),
  })
  .superRefine((one, context) => {
    const fault = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (one.for !== undefined && one.until !== undefined)
      fault('until', 'say either until (an instant) or for (2h)');
    else if (one.for === undefined && one.until === undefined && one.weekly === undefined)
      fault('until', 'say until when: until (an instant), for (2h), or weekly');
    if (one.from !== undefined && one.until !== undefined && one.until <= one.from)
      fault('until', 'must lie after from');
  });
export type SilenceDocument = z.output<typeof silenceDocument>;

/** How it stands: it mutes now, it will, or it is over. */
export function stateOf(silence: Silence, now: number): 'now' | 'later' | 'over' {
  if (silence.endsAt <= now) return 'over';
  return holdingNow(silence, now) ? 'now' : 'later';
}

/** What makes it again, and whose and how it is; `owner` and `rule` as they are called outside. */
export function printSilence(silence: Silence, owner: string, rule: string | undefined, now: number) {
  const { id, ruleId, topic, match, startsAt, endsAt, weekly, comment, by } = silence;
  return {
    id,
    owner,
    ...(ruleId === null ? {} : { rule: rule ?? ruleId }),
    topic,
    ...(match.length > 0 ? { match: match.map(printMatcher) } : {}),
    from: new Date(startsAt).toISOString(),
    until: new Date(endsAt).toISOString(),
    ...(weekly ? { weekly: { when: printWhen(weekly.hours), zone: weekly.zone } } : {}),
    ...(comment === '' ? {} : { comment }),
    madeBy: by,
    state: stateOf(silence, now),
  };
}
export type PrintedSilence = ReturnType<typeof printSilence>;
