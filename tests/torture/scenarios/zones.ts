// Hours of people in many zones, through the nights when clocks change: what the code says is what a clock on the wall says.
import { nextCron } from '#core/cron.ts';
import { nextAt, windowEnd } from '#core/hours.ts';
import { atLeast, exactly, type Scenario, told } from './scenario.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Both ways, by an hour and by half of one, at midnight, south of the equator, and where it never happens. */
const changing: [zone: string, around: string][] = [
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['America/Santiago', '2026-09-06'],
  ['Africa/Cairo', '2026-04-24'],
  ['Asia/Kathmandu', '2026-06-01'],
];

const many =
  `Europe/Berlin Europe/London Europe/Lisbon Europe/Moscow Europe/Istanbul Europe/Chisinau America/New_York
  America/Chicago America/Denver America/Phoenix America/Los_Angeles America/Anchorage America/St_Johns
  America/Halifax America/Santiago America/Asuncion America/Havana America/Sao_Paulo America/Mexico_City
  Africa/Cairo Africa/Casablanca Africa/Lagos Africa/Nairobi Asia/Jerusalem Asia/Beirut Asia/Tehran Asia/Dubai
  Asia/Karachi Asia/Kolkata Asia/Kathmandu Asia/Dhaka Asia/Shanghai Asia/Tokyo Australia/Sydney Australia/Adelaide
  Australia/Lord_Howe Pacific/Auckland Pacific/Chatham Pacific/Apia UTC`
    .split(/\s+/)
    .filter((zone) => zone !== '');

export const zones: Scenario = {
  name: 'zones',
  title: 'mornings, quiet hours and schedules through changing clocks, against a clock on the wall',
  covers: ['F36'],
  queues: ['postgres'],
  async run({ profile, say }) {
    const spans =
      profile === 'release'
        ? many.map((zone) => ({ zone, from: Date.UTC(2026, 0, 1), days: 366 }))
        : changing.map(([zone, date]) => ({ zone, from: Date.parse(date) - 12 * hour, days: 2 }));
    let asked = 0;
    const wrong: string[] = [];
    for (const { zone, from, days } of spans) {
      const wall = wallClock(zone, from - day, days + 3);
      for (let now = from; now < from + days * day; now += profile === 'release' ? 3 * hour : 20 * minute) {
        const answers = [
          ['morning', nextAt(150, zone, now), wall.nextAt(150, now)],
          ['morning', nextAt(540, zone, now), wall.nextAt(540, now)],
          ['quiet end', windowEnd({ from: 22 * 60, to: 150 }, zone, now), wall.windowEnd(22 * 60, 150, now)],
          ['quiet end', windowEnd({ from: 22 * 60, to: 420 }, zone, now), wall.windowEnd(22 * 60, 420, now)],
          ['cron', nextCron('0 8 * * *', zone, now), wall.nextAt(480, now)],
          ['cron in the night', nextCron('30 2 * * *', zone, now), wall.nextAt(150, now)],
        ] as const;
        for (const [what, said, meant] of answers) {
          asked++;
          if (said !== meant)
            wrong.push(
              `${what} in ${zone} at ${sayTime(now)}: ${sayTime(said)} instead of ${sayTime(meant)}`,
            );
        }
      }
      if (profile === 'release') say(`${zone}: ${wrong.length} wrong so far`);
    }
    return [
      told('zones', new Set(spans.map(({ zone }) => zone)).size),
      atLeast('hours asked for', asked, 5_000),
      exactly('other than the clock on the wall', wrong.length, 0),
      ...wrong.slice(0, 10).map((text) => ({ figure: text, value: 'wrong', must: 'right', holds: false })),
    ];
  },
};

const sayTime = (at: number | undefined) => (at === undefined ? 'never' : new Date(at).toISOString());

/**
 * A clock on the wall, read minute by minute through the formatter of the language and nothing of ours. An hour that
 * does not exist has come as soon as the clock shows a later one; one that comes twice, comes the first time.
 */
function wallClock(zone: string, from: number, days: number) {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    day: '2-digit',
    hourCycle: 'h23',
  });
  const read = (at: number) => {
    const parts = Object.fromEntries(
      format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
    );
    return { day: parts.day!, minute: parts.hour! * 60 + parts.minute! };
  };
  // Offsets are whole minutes, and change at whole quarters: between two equal ones the clock just runs.
  const ticks: { at: number; day: number; minute: number }[] = [];
  for (let at = from; at < from + days * day; at += 15 * minute) ticks.push({ at, ...read(at) });
  const starts = (clock: number): number[] => {
    const found: number[] = [];
    for (let i = 1; i < ticks.length; i++) {
      const [before, now] = [ticks[i - 1]!, ticks[i]!];
      const passes =
        before.day === now.day ? before.minute < clock && clock <= now.minute : clock <= now.minute;
      if (!passes) continue;
      // Only the first time that day: in autumn the hour comes again.
      const sameDay = (at: number) => read(at).day === now.day;
      if (found.length > 0 && now.at - found.at(-1)! < 20 * hour && sameDay(found.at(-1)!)) continue;
      found.push(now.minute - clock < 15 ? now.at - (now.minute - clock) * minute : now.at);
    }
    return found;
  };
  const known = new Map<number, number[]>();
  const startsOf = (clock: number) => {
    const list = known.get(clock) ?? starts(clock);
    known.set(clock, list);
    return list;
  };
  const nextAtOf = (clock: number, now: number) => startsOf(clock).find((at) => at > now);
  return {
    nextAt: nextAtOf,
    windowEnd(opens: number, closes: number, now: number): number | undefined {
      const last = (clock: number) => startsOf(clock).findLast((at) => at <= now) ?? 0;
      return last(opens) > last(closes) ? nextAtOf(closes, now) : undefined;
    },
  };
}
