// Numbers worth offering as buttons for each parameter: round ones near what was seen or said.
import { roundLimits } from '#core/round-limits.ts';

interface Range {
  last: number;
  min: number;
  max: number;
}

/** The limit for the nights and weekends: nearer to the end of a percentage, otherwise half as much again. */
export function limitAtNight(limit: number, above: boolean): number {
  if (above && limit >= 50 && limit < 100) return Math.min(99, Math.round(100 - (100 - limit) / 3));
  if (limit === 0) return above ? 1 : -1;
  const further = above === limit > 0 ? limit * 1.5 : limit * 0.5;
  return Number.isInteger(limit) && Math.abs(limit) < 20
    ? (above ? Math.ceil : Math.floor)(further)
    : tidy(further, 2);
}

/** The limits on both sides of one, for showing what they would have told. */
export function neighbours(limit: number): number[] {
  const step = stepOf(limit);
  return [tidy(limit - step), tidy(limit + step)];
}

/** At most five numbers for this parameter, in growing order. */
export function numbersFor(
  name: string,
  { above, limit, range, field }: { above: boolean; limit?: number; range?: Range; field: string },
): number[] {
  const out = above ? 1 : -1;
  switch (name) {
    case 'limit':
    case 'bar':
      return range ? roundLimits(field, range, above ? '>' : '<') : [];
    case 'clear':
      return limit === undefined ? [] : ordered([1, 2, 4].map((n) => tidy(limit - n * out * stepOf(limit))));
    case 'critical':
      return limit === undefined ? [] : ordered([1, 2, 4].map((n) => tidy(limit + n * out * stepOf(limit))));
    case 'moreThan':
      return [1, 2, 3, 4, 5, 10];
    case 'by': {
      const wide = range ? range.max - range.min || Math.abs(range.last) || 1 : 100;
      return ordered([wide / 100, wide / 10, wide / 2, wide].map(round));
    }
    default:
      return [1, 5, 10, 50, 100];
  }
}

function stepOf(limit: number): number {
  if (limit === 0) return 1;
  return 5 * 10 ** (Math.floor(Math.log10(Math.abs(limit))) - 1);
}

/** 1, 2 or 5 times a power of ten. */
function round(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  const leading = value / unit;
  return tidy((leading < 1.5 ? 1 : leading < 3.5 ? 2 : leading < 7.5 ? 5 : 10) * unit);
}

function tidy(value: number, digits = 6): number {
  return Number(value.toPrecision(digits));
}

function ordered(values: number[]): number[] {
  return [...new Set(values)].filter(Number.isFinite).sort((a, b) => a - b);
}
