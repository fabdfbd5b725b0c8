// What owners should hear of a source: it sends too much, or what nobody has explained. Nobody waits for it.
import type { Source } from '#store/sources.ts';
import type { Admitting } from './admitting.ts';
import type { Caller } from './key-book.ts';
import { type Problem, problems } from './problem.ts';

/** The refusal of a source that sends more than its rate; the owners hear of it now and then. */
export function tooFast(way: Admitting, { source }: Caller, now: number): Problem | undefined {
  const { name, ratePerSecond } = source;
  const seconds = way.rate.wait(source, now);
  if (seconds === 0) return undefined;
  if (way.tellOwners && way.rate.worthTelling(source, now)) {
    const rate = ratePerSecond.toLocaleString('en-US');
    const text = `The source ${name} sends more than its ${rate} events a second; the rest was refused and it was told to slow down.`;
    tell(way, source, text, now);
  }
  return problems.tooFast(seconds, `The source ${name} may push ${ratePerSecond} events a second.`);
}

/** Its sender is a program; somebody who can explain the fields should hear of it, too. */
export function tellOfKept(way: Admitting, source: Source, now: number): void {
  if (!way.tellOwners || !way.told.worthTelling(source, now)) return;
  const where = `/v1/sources/${encodeURIComponent(source.name)}/mapping`;
  const text = `The source ${source.name} sends something whose fields nobody has explained; it is kept, and nobody is told of it. PUT ${where} explains it.`;
  tell(way, source, text, now);
}

function tell({ tellOwners, world }: Admitting, source: Source, text: string, now: number): void {
  tellOwners?.(text, now).catch(() => world.log.warn({ source: source.id }, 'the owners could not be told'));
}
