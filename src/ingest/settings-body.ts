// How a person or a group wants to be told, as it is said and shown over HTTP; the same rules as /settings.
import { z } from 'zod';
import { parseWhen, printWhen } from '#core/bands.ts';
import { careDocument } from '#core/care.ts';
import { printDuration as span } from '#core/duration.ts';
import { isZone, parseClock, sayClock, type Window } from '#core/hours.ts';
import type { Settings } from '#core/owner.ts';
import { severitySchema } from '#core/severity.ts';

const wholeDay = 1440;
const clock = z.string('must be a time of day such as 8:30').transform((text, context): number => {
  const minute = parseClock(text);
  if (minute !== undefined) return minute;
  context.addIssue({ code: 'custom', message: 'must be a time of day such as 8:30' });
  return z.NEVER;
});
const oneWindow = z.string('must be hours such as 22:00-07:00').transform((text, context): Window => {
  const read = parseWhen(text);
  const windows = read.ok && read.when !== 'otherwise' ? read.when : [];
  const [window] = windows;
  // Midnight ends a day and begins one.
  if (window && windows.length === 1 && (window.from > 0 || window.to < wholeDay))
    return { ...window, to: window.to % wholeDay };
  const message = read.ok ? 'must be hours of one stretch, such as Mon-Fri 22:00-07:00' : read.fault;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

export const settingsBody = z
  .strictObject({
    zone: z
      .string('must be a time zone such as Europe/Berlin')
      .refine(isZone, 'there is no such time zone; it is like Europe/Berlin')
      .optional(),
    morning: clock.optional(),
    quiet: z
      .strictObject({ hours: oneWindow, breakthrough: severitySchema.nullable().default('critical') })
      .nullable()
      .optional(),
    care: z.record(z.string(), z.unknown()).nullable().optional(),
  })
  .superRefine(({ care }, context) => {
    if (!care) return;
    for (const { path, message } of careDocument.safeParse(care).error?.issues ?? [])
      context.addIssue({ code: 'custom', path: ['care', ...path.map(String)], message });
  });

/** As they are shown, and taken. */
export function shownSettings({ zone, morning, quiet, care }: Settings) {
  return {
    zone,
    morning: sayClock(morning),
    quiet: quiet && { hours: printWhen([quiet.window]), breakthrough: quiet.breakthrough },
    care: care
      ? {
          ...(care.remind ? { remind: { every: span(care.remind.everyMs), most: care.remind.most } } : {}),
          ...(care.ackExpiresMs === undefined ? {} : { ackExpires: span(care.ackExpiresMs) }),
          ...(care.escalate
            ? { escalate: care.escalate.map(({ afterMs, to }) => ({ after: span(afterMs), to })) }
            : {}),
        }
      : null,
  };
}
