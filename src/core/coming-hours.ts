// The same hours of each of some days, the next time that they come: monday-friday 9-17.
import { parseWhen } from './bands.ts';
import { ComingDays, clock, dayEnd, weekday, weekdayOf } from './coming-days.ts';
import type { ComingSpan } from './coming-span.ts';

const until = '(?:-|to|until|till)';
const form = new RegExp(
  `^(?:from )?(?:(next) )?(${weekday}) ?${until} ?(${weekday}),? (?:from )?(${clock}) ?${until} ?(${clock})$`,
);

/** `when`: as `parseWhen` reads it. The days that are now count from now on, unless the last of their hours is over. */
export function readComingHours(
  text: string,
  zone: string,
  now: number,
): (ComingSpan & { when: string }) | undefined {
  const said = text.slice(0, 100).toLowerCase().replace(/[–—]/g, '-').replace(/\s+/g, ' ').trim();
  const [, next, first = '', last = '', begin, end] = form.exec(said) ?? [];
  const when = `${first}-${last} ${begin}-${end}`;
  const read = parseWhen(when);
  if (!read.ok || read.when === 'otherwise') return undefined;
  const { from, to, days: chosen = [1, 2, 3, 4, 5, 6, 7] } = read.when[0]!;
  const days = new ComingDays(zone, now);
  // Hours that pass midnight end on the day after.
  const over = to < from ? 1 : 0;
  const endOf = (date: typeof days.today) => days.at(date.add({ days: over }), to);
  const [isFirst, isLast] = [weekdayOf(first), weekdayOf(last)];
  const soonest = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    .map((ahead) => days.today.add({ days: ahead }))
    .find((date) =>
      next === undefined
        ? chosen.includes(date.dayOfWeek) && endOf(date) > now
        : date.dayOfWeek === isFirst && days.at(date, 0) > now,
    )!;
  const ends = soonest.add({ days: (isLast - soonest.dayOfWeek + 7) % 7 });
  const endsAt = over === 1 ? endOf(ends) : days.at(ends, dayEnd);
  const begins = soonest.dayOfWeek === isFirst ? days.at(soonest, 0) : now;
  return begins > now ? { startsAt: begins, for: endsAt - begins, when } : { for: endsAt - now, when };
}
