// Versions as people number software: compared part by part, so that 1.10 comes after 1.4.

/** The numbers in front, and what stands behind a hyphen: a version before the one it names. */
interface Version {
  numbers: number[];
  before: string[];
}

const form = /^v?(\d{1,15}(?:\.\d{1,15}){0,7})(?:-([0-9a-z.-]{1,80}))?(?:\+[0-9a-z.-]{1,80})?$/i;

// conversion, diskInversion: words that only end so.
const otherWords = /(?:^|[^A-Za-z]|[a-z](?=[A-Z]))(?:[Cc]on|[Dd]i|[Ii]n|[Pp]er|[Rr]e|[Ss]ub)version$/;

/** Whether the field's name says that it holds a version: `version`, `client_version`, `app.Version`. */
export function namesVersion(field: string): boolean {
  return /version$/i.test(field) && !otherWords.test(field);
}

/** Whether a comparison of this field with this value is one of versions: as a number, 1.10 is less than 1.4. */
export function comparesVersions(field: string, value: string): boolean {
  return isVersion(value) && (namesVersion(field) || !Number.isFinite(Number(value)));
}

/** Whether it is a version such as 1.4, v2.0.1 or 1.4.0-rc.2+build7. */
export function isVersion(text: string): boolean {
  return form.test(text.trim());
}

/** One text for all that are the same: 1.4 for v1.4, 1.4.0 and 1.4.0+build7; any other text as it is. */
export function plainVersion(text: string): string {
  const version = read(text);
  if (!version) return text;
  const numbers = [...version.numbers];
  while (numbers.length > 1 && numbers.at(-1) === 0) numbers.pop();
  return [
    numbers.join('.'),
    ...(version.before.length > 0 ? [version.before.map(plainPart).join('.')] : []),
  ].join('-');
}

/** Below 0 when `a` comes before `b`, 0 when they are the same (1.4 and v1.4.0); undefined when one is no version. */
export function compareVersions(a: string, b: string): number | undefined {
  const left = read(a);
  const right = read(b);
  if (!left || !right) return undefined;
  for (let i = 0; i < Math.max(left.numbers.length, right.numbers.length); i++) {
    const apart = (left.numbers[i] ?? 0) - (right.numbers[i] ?? 0);
    if (apart !== 0) return apart;
  }
  return compareBefore(left.before, right.before);
}

function read(text: string): Version | undefined {
  const [, numbers, before] = form.exec(text.trim()) ?? [];
  if (numbers === undefined) return undefined;
  return {
    numbers: numbers.split('.').map(Number),
    before: before === undefined ? [] : before.toLowerCase().split('.'),
  };
}

// As semver.org has it: a release comes after what led to it, numbers before words, the longer after the shorter.
function compareBefore(a: string[], b: string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const left = a[i];
    const right = b[i];
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    const apart = compareParts(left, right);
    if (apart !== 0) return apart;
  }
  return 0;
}

const isNumber = (part: string) => /^\d{1,15}$/.test(part);
const plainPart = (part: string) => (isNumber(part) ? String(Number(part)) : part);

function compareParts(a: string, b: string): number {
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b);
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
