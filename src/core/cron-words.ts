// A schedule in words: every weekday at 8:00, on the 1st of every month at 18:30. What few words cannot say stays as it is.
import { sayClock } from './hours.ts';
import { ordinal } from './ordinal.ts';

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const named: Record<string, string> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};
/** More instants of a day, or more days, than this are no words but a list. */
const most = 4;

/** Undefined: it takes more words than its own line. */
export function sayCron(line: string): string | undefined {
  const parts = (named[line.trim().toLowerCase()] ?? line).trim().toLowerCase().split(/\s+/);
  const [minute = '', hour = '', date = '', month = '', weekday = ''] = parts;
  if (parts.length !== 5) return undefined;
  const when = daysOf(date, month, weekday);
  const at = timesOf(minute, hour);
  if (when === undefined || at === undefined) return undefined;
  if (!at.startsWith('every')) return `${when} ${at}`;
  return when === 'every day' ? at : `${when}, ${at}`;
}

function timesOf(minute: string, hour: string): string | undefined {
  const step = /^\*\/([2-9]|[1-5]\d)$/;
  if (hour === '*') {
    const minutes = step.exec(minute)?.[1];
    // 60 is a multiple of it, otherwise it begins anew each hour.
    if (minutes !== undefined) return 60 % Number(minutes) === 0 ? `every ${minutes} minutes` : undefined;
    return minute === '0' ? 'every hour' : undefined;
  }
  const hours = step.exec(hour)?.[1];
  if (hours !== undefined)
    return minute === '0' && 24 % Number(hours) === 0 ? `every ${hours} hours` : undefined;
  const [at, of] = [numbersOf(minute, 0, 59, []), numbersOf(hour, 0, 23, [])];
  if (!at || !of || at.length * of.length > most) return undefined;
  return `at ${join(of.flatMap((one) => at.map((rest) => sayClock(one * 60 + rest))))}`;
}

function daysOf(date: string, month: string, weekday: string): string | undefined {
  if (date === '*' && month === '*') return weekday === '*' ? 'every day' : weekdaysOf(weekday);
  if (weekday !== '*') return undefined;
  const dates = date === 'l' ? ['last day'] : numbersOf(date, 1, 31, [])?.map(ordinal);
  const of =
    month === '*' ? ['every month'] : numbersOf(month, 1, 12, months)?.map((one) => months[one - 1]!);
  if (!dates || !of || dates.length > most || of.length > most) return undefined;
  return `on the ${join(dates)} of ${join(of)}`;
}

function weekdaysOf(text: string): string | undefined {
  const read = numbersOf(text, 0, 7, days);
  const chosen =
    read && [...new Set(read.map((one) => one % 7))].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7));
  if (!chosen) return undefined;
  const all = chosen.join('');
  if (all === '1234560') return 'every day';
  if (all === '12345') return 'every weekday';
  return chosen.length > most ? undefined : `every ${join(chosen.map((one) => days[one]!))}`;
}

/** `1-5`, `1,15`, `mon-fri`; undefined for anything else. */
function numbersOf(text: string, least: number, greatest: number, names: string[]): number[] | undefined {
  const numberOf = (word: string) => {
    if (/^\d{1,2}$/.test(word)) return Number(word);
    const at = names.findIndex((name) => /^[a-z]{3}$/.test(word) && name.toLowerCase().startsWith(word));
    return at < 0 ? undefined : at + (names === months ? 1 : 0);
  };
  const found: number[] = [];
  for (const part of text.split(',')) {
    const ends = part.split('-').map(numberOf);
    const [first, last = first] = ends;
    if (ends.length > 2 || ends.includes(undefined) || first === undefined || last === undefined)
      return undefined;
    if (first < least || last > greatest || last < first) return undefined;
    for (let one = first; one <= last; one++) found.push(one);
  }
  return [...new Set(found)].sort((a, b) => a - b);
}

function join(words: string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
