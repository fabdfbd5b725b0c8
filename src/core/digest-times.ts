// When a digest comes, as people say it: fridays, weekdays 18:00, mon and thu at 9, monthly, evenings.
import { parseWhen } from './bands.ts';
import { parseClock } from './hours.ts';

const evening = 18 * 60;
const clock = /(?:^| )(?:at )?(\d{1,2}(?:[:.h]\d\d)?(?: ?[ap]m)?)$/;

/** The cron line of these words, without an hour at `morning` (minutes since midnight); undefined: they are none. */
export function readDigestTimes(text: string, morning: number): string | undefined {
  const said = text.slice(0, 100).toLowerCase().replace(/[–—]/g, '-').replace(/\s+/g, ' ').trim();
  const hour = clock.exec(said)?.[1];
  const rest = hour === undefined ? said : said.replace(clock, '').trim();
  const days = rest.replace(/^(?:on|every|each) /, '').replace(/ (?:morning|evening)s?$|s$/, '');
  const late = /evenings?$/.test(rest);
  const minute = hour === undefined ? (late ? evening : morning) : parseClock(hour);
  if (minute === undefined) return undefined;
  const on = daysOf(days, hour !== undefined);
  return on && `${minute % 60} ${Math.floor(minute / 60)} ${on}`;
}

/** The last three parts of the line. */
function daysOf(said: string, hasHour: boolean): string | undefined {
  if (said === '') return hasHour ? '* * *' : undefined;
  if (/^(daily|day|morning|evening|night)$/.test(said)) return '* * *';
  if (/^(weekly|week)$/.test(said)) return '* * 1';
  if (/^(monthly|month)$/.test(said)) return '1 * *';
  const read = parseWhen(said.replace(/(?:,| and) ?/g, ',').replace(/(day)s\b/g, '$1'));
  if (!read.ok || read.when === 'otherwise' || read.when.length !== 1) return undefined;
  const [{ days, from, to }] = read.when as [(typeof read.when)[number]];
  if (from !== 0 || to !== 1440) return undefined;
  return `* * ${
    days
      ? days
          .map((one) => one % 7)
          .sort()
          .join(',')
      : '*'
  }`;
}
