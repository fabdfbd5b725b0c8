// Prints a rule as the line that `parseWatchLine` reads back, without `/watch`.
import { type Band, printWhen } from './bands.ts';
import type { Condition } from './condition.ts';
import { printDuration } from './duration.ts';
import { mainParam, type WatchLine } from './watch-reader.ts';
import { quoteText } from './watch-words.ts';

/** The line of this rule. */
export function printWatchLine(watch: WatchLine): string {
  const parts = [watch.topic, ...condition(watch)];
  if (watch.match.length > 0) parts.push(`where ${watch.match.map(printTop).join(' and ')}`);
  if (watch.key) parts.push(`per ${names(watch.key)}`);
  if (watch.forMs > 0) parts.push(`for ${printDuration(watch.forMs)}`);
  if (watch.keepFiringForMs > 0) parts.push(`keep ${printDuration(watch.keepFiringForMs)}`);
  if (watch.severity) parts.push(`severity ${watch.severity}`);
  if (watch.name) parts.push(`named ${quoteText(watch.name)}`);
  if (watch.to) parts.push(`tell ${names(watch.to)}`);
  if (watch.emit) parts.push(`emit ${quoteText(watch.emit)}`);
  for (const { rule, same } of watch.unless ?? [])
    parts.push(`unless ${quoteText(rule)}${same ? ` same ${names(same)}` : ''}`);
  if (watch.verify) parts.push(`verify ${quoteText(watch.verify)}`);
  if (watch.shadow) parts.push('shadow');
  const line = parts.join(' ');
  const bands = watch.bands ?? [];
  const rows = bands.map((band) => printBand(band, watch.kind));
  const plain = bands.every((band) => Object.keys(band).length === 1 && band.when !== 'otherwise');
  if (bands.length > 0 && plain) rows.push('otherwise same');
  return rows.length === 0 ? line : `${line} ${rows.join(', ')}`;
}

function condition({ kind, params }: WatchLine): string[] {
  const field = quoteText(String(params.field));
  switch (kind) {
    case 'threshold':
      return [
        `${field} ${params.op} ${params.limit}`,
        ...(params.clear === undefined ? [] : [`clear ${params.clear}`]),
        ...(params.critical === undefined ? [] : [`critical ${params.critical}`]),
      ];
    case 'change':
      return [
        `${field} changes`,
        ...(params.from === undefined ? [] : [`from ${texts(params.from)}`]),
        ...(params.to === undefined ? [] : [`to ${texts(params.to)}`]),
      ];
    case 'count':
      return [
        `more than ${params.moreThan}`,
        ...(params.distinct === undefined ? [] : [`different ${quoteText(String(params.distinct))}`]),
        `within ${params.within}`,
      ];
    case 'absence':
      return [
        params.cron === undefined
          ? `absent for ${params.every}`
          : `absent cron ${quoteText(String(params.cron))}`,
        ...(params.zone === undefined ? [] : [`zone ${quoteText(String(params.zone))}`]),
        ...(params.grace === undefined ? [] : [`grace ${params.grace}`]),
      ];
    case 'increase':
      return [`${field} grows by ${params.by} within ${params.within}`];
    case 'ratio':
      return [
        `${field} near ${params.bar}${params.side === 'above' ? ' above' : ''}`,
        ...(params.margin === undefined ? [] : [`margin ${params.margin}`]),
        ...(params.ahead === undefined ? [] : [`ahead ${params.ahead}`]),
      ];
    case 'quorum':
      return [
        `reported by ${params.atLeast}`,
        ...(params.by === undefined || params.by === 'source' ? [] : [`of ${quoteText(String(params.by))}`]),
        `${field} ${texts(params.bad)}`,
        `within ${params.within}`,
      ];
    case 'expression':
      return [`when ${quoteText(String(params.when))}`];
    default:
      return [kind];
  }
}

function printBand({ when, params = {}, to, severity, off }: Band, kind: string): string {
  const main = mainParam[kind] ?? '';
  const parts = [printWhen(when)];
  if (Object.hasOwn(params, main)) parts.push(String(params[main]));
  for (const [name, value] of Object.entries(params)) {
    if (name === main) continue;
    const isPlain = (name === 'clear' || name === 'critical') && typeof value === 'number';
    parts.push(isPlain ? `${name} ${value}` : `set ${quoteText(name)} ${quoteText(JSON.stringify(value))}`);
  }
  if (off) parts.push('off');
  if (severity) parts.push(`severity ${severity}`);
  if (to) parts.push(`tell ${names(to)}`);
  return parts.join(' ');
}

/** In a list, what must all hold stands in brackets; so does what needs one of several. */
function printTop(one: Condition): string {
  return 'all' in one || 'any' in one ? `(${printPart(one)})` : printPart(one);
}

function printPart(one: Condition): string {
  if ('value' in one) return `${quoteText(one.field)} ${one.op} ${quoteText(one.value)}`;
  if ('list' in one) return `${quoteText(one.field)} ${one.op} $me.${one.list}`;
  if ('not' in one) return `not (${printPart(one.not)})`;
  const [word, parts] = 'all' in one ? [' and ', one.all] : [' or ', one.any];
  return parts.map(printTop).join(word);
}

const names = (all: string[]) => all.map(quoteText).join(', ');
const texts = (value: unknown) =>
  [value]
    .flat()
    .map((text) => quoteText(String(text)))
    .join(' or ');
