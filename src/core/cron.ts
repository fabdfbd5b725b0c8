// Schedules as cron lines (`0 3 * * *`, `@daily`): the next instant, by the clock of a zone. Pure use of croner.
import { Cron } from 'croner';
import { isZone } from './hours.ts';

const mostLength = 100;

/** Why this line cannot be used, as a sentence; undefined when it can. */
export function cronFault(line: string): string | undefined {
  const text = line.slice(0, 40);
  if (line.length > mostLength) return `a schedule has at most ${mostLength} characters`;
  // croner reads ? as the time at which it is asked.
  if (line.includes('?')) return `“${text}” has a ?, which says nothing here; write *`;
  const read = compile(line, 'UTC');
  if (!read) return `“${text}” is no schedule: ${faultIn(line)}; try 0 3 * * * (every day at 3:00)`;
  return read.nextRun(new Date(0)) === null ? `“${text}” never happens` : undefined;
}

const parts = ['minute', 'hour', 'day', 'month', 'weekday'];

/** In our words: the library's speak of patterns and configuration. */
function faultIn(line: string): string {
  const given = line.trim() === '' ? [] : line.trim().split(/\s+/);
  if (given.length !== parts.length)
    return `it has ${given.length} ${given.length === 1 ? 'part' : 'parts'}, not five (${parts.join(', ')})`;
  const wrong = given.findIndex(
    (part, at) => !compile(parts.map((_, i) => (i === at ? part : '*')).join(' '), 'UTC'),
  );
  return wrong < 0
    ? 'its parts do not fit together'
    : `its ${parts[wrong]} cannot be “${given[wrong]!.slice(0, 20)}”`;
}

/**
 * The first instant after `now` that the schedule names, by the zone's wall clock; undefined: never. An hour that the
 * clock leaves out in spring is at the end of the gap; a fixed time that comes twice in autumn is the earlier one.
 */
export function nextCron(line: string, zone: string, now: number): number | undefined {
  const read = compile(line, isZone(zone) ? zone : 'UTC');
  return read?.nextRun(new Date(now))?.getTime();
}

const compiled = new Map<string, Cron | undefined>();

function compile(line: string, zone: string): Cron | undefined {
  const name = `${zone} ${line}`;
  const known = compiled.get(name);
  if (known !== undefined || compiled.has(name)) return known;
  if (compiled.size > 1000) compiled.clear();
  let made: Cron | undefined;
  try {
    made = new Cron(line, { paused: true, timezone: zone, mode: '5-part' });
  } catch {
    made = undefined;
  }
  compiled.set(name, made);
  return made;
}
