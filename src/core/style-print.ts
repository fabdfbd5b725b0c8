// A style written as the document that makes it again, and the caps that people type.
import { printWhen } from './bands.ts';
import { parseDuration, printDuration } from './duration.ts';
import type { Caps, Style } from './style.ts';

/** What `styleDocument` reads back to the same style. */
export function printStyle(style: Style): Record<string, unknown> {
  const { hours, least, gather, caps, urgent, digest, storm, topics } = style;
  const limits = caps && {
    ...(caps.hour === undefined ? {} : { hour: caps.hour }),
    ...(caps.day === undefined ? {} : { day: caps.day }),
    ...(caps.delayMs === undefined ? {} : { delay: printDuration(caps.delayMs) }),
  };
  return {
    ...(hours ? { hours: printWhen(hours) } : {}),
    ...(least ? { least } : {}),
    ...(gather
      ? {
          gather: gather.map(({ when, waitMs }) => ({
            when: printWhen(when),
            wait: waitMs === 'end' ? 'end' : printDuration(waitMs),
          })),
        }
      : {}),
    ...(limits ? { caps: limits } : {}),
    ...(digest ? { digest } : {}),
    ...(urgent === undefined ? {} : { urgent }),
    ...(storm === undefined ? {} : { storm }),
    ...(topics ? { topics } : {}),
  };
}

/** `20 an hour, 100 a day, 5 min apart` in any order, `none`; undefined when it says something else. */
export function readCaps(text: string): Caps | undefined {
  const caps: Caps = {};
  const parts = text
    .toLowerCase()
    .split(/\s*(?:[,;]|\band\b)\s*/)
    .filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  if (parts.length === 1 && /^(none|no limit|off)$/.test(parts[0]!.trim())) return {};
  for (const part of parts) {
    const [, many, unit] = /^(\d{1,5})\s*(?:an?|per|each|\/)?\s*(h|hour|d|day)$/.exec(part.trim()) ?? [];
    const [, apart] = /^(?:one every\s+)?(.+?)(?:\s+(?:apart|between))?$/.exec(part.trim()) ?? [];
    if (many !== undefined && unit !== undefined && /\ban?\b|per|each|\/|hour|day/.test(part)) {
      if (Number(many) < 1 || Number(many) > 10_000) return undefined;
      if (unit.startsWith('h')) caps.hour = Number(many);
      else caps.day = Number(many);
      continue;
    }
    const delayMs = /apart|between|every/.test(part) ? parseDuration(apart ?? '') : undefined;
    if (delayMs === undefined || delayMs <= 0 || delayMs > 86_400_000) return undefined;
    caps.delayMs = delayMs;
  }
  return caps;
}
