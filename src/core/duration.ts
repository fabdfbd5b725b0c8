// Spans of time as people write them: 90s, 5m, 1h30m, 2d.

const units: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds, or undefined when it is no duration. Accepts `5m`, `1h30m`, `90 s`, and words such as `5 minutes`. */
export function parseDuration(text: string): number | undefined {
  const short = text
    .trim()
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/(weeks?)/g, 'w')
    .replace(/(days?)/g, 'd')
    .replace(/(hours?|hrs?)/g, 'h')
    .replace(/(minutes?|mins?)/g, 'm')
    .replace(/(seconds?|secs?)/g, 's');
  if (!/^(\d{1,9}(\.\d{1,3})?(ms|[smhdw]))+$/.test(short)) return undefined;
  let total = 0;
  for (const [, count, unit] of short.matchAll(/([\d.]+)(ms|[smhdw])/g))
    total += Number(count) * units[unit!]!;
  return Math.round(total);
}

/** The exact short form, which `parseDuration` reads back: 5400000 → `1h30m`. */
export function printDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms));
  let text = '';
  for (const [unit, size] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
    ['ms', 1],
  ] as const) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}

/** About how long, for reading: `41 min`, `3 h 5 min`, `2 days`. */
export function sayDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  const dayText = days === 1 ? '1 day' : `${days} days`;
  return hours % 24 === 0 || days > 6 ? dayText : `${dayText} ${hours % 24} h`;
}
