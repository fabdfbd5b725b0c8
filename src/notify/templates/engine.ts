// Liquid with nothing in it that reaches files or has no end: few tags and filters, steps counted, values escaped.
import { Context, Liquid, type Template } from 'liquidjs';
import { cut } from '#core/cut.ts';

const tags = ['assign', 'capture', 'if', 'unless', 'case', 'for', 'break', 'continue', 'comment', 'raw', '#'];
const filters = [
  ...[
    'default',
    'append',
    'prepend',
    'upcase',
    'downcase',
    'capitalize',
    'strip',
    'lstrip',
    'rstrip',
    'squish',
  ],
  ...[
    'replace',
    'replace_first',
    'remove',
    'remove_first',
    'truncate',
    'truncatewords',
    'slice',
    'split',
    'join',
  ],
  ...[
    'round',
    'floor',
    'ceil',
    'abs',
    'plus',
    'minus',
    'times',
    'divided_by',
    'modulo',
    'at_least',
    'at_most',
  ],
  ...['size', 'first', 'last', 'sort', 'reverse', 'uniq', 'compact', 'date', 'url_encode'],
];

const mostParts = 200;
const mostSteps = 2000;
const mostMemory = 20_000;
const mostKnown = 1000;

const liquid = new Liquid({
  templates: {},
  ownPropertyOnly: true,
  strictFilters: true,
  parseLimit: 8000,
  timezoneOffset: 0,
  outputEscape: (value) => escaped(textOf(value)),
});
for (const name of Object.keys(liquid.tags)) if (!tags.includes(name)) delete liquid.tags[name];
for (const name of Object.keys(liquid.filters)) if (!filters.includes(name)) delete liquid.filters[name];
// Every value is escaped once, whatever a template asks for.
for (const name of ['raw', 'escape']) liquid.registerFilter(name, (value: unknown) => value);

export type ReadTemplate = { ok: true; template: Template[] } | { ok: false; fault: string };
export type Rendered = { ok: true; text: string } | { ok: false; fault: string };

const known = new Map<string, ReadTemplate>();

/** Reads a template; the fault is a sentence for the person who wrote it. */
export function readTemplate(text: string): ReadTemplate {
  const there = known.get(text);
  if (there) return there;
  if (known.size >= mostKnown) known.clear();
  const read = parse(text);
  known.set(text, read);
  return read;
}

function parse(text: string): ReadTemplate {
  if ((text.match(/\{\{|\{%|\|/g)?.length ?? 0) > mostParts)
    return { ok: false, fault: `a template has at most ${mostParts} tags, values and filters` };
  try {
    return { ok: true, template: liquid.parse(text) };
  } catch (error) {
    return { ok: false, fault: sentence(error) };
  }
}

/** The text with the scope's values in it, escaped for HTML; the same steps always come to the same end. */
export function renderTemplate(text: string, scope: object): Rendered {
  const read = readTemplate(text);
  if (!read.ok) return read;
  let steps = 0;
  const renderLimit = {
    use() {},
    check() {
      if (++steps > mostSteps) throw new Error('it takes too many steps');
    },
  };
  const settings = { sync: true, ownPropertyOnly: true, memoryLimit: mostMemory };
  const limits = { liquid, renderLimit } as unknown as ConstructorParameters<typeof Context>[3];
  try {
    const context = new Context(scope, liquid.options, settings, limits);
    return { ok: true, text: String(liquid.renderSync(read.template, context)) };
  } catch (error) {
    return { ok: false, fault: sentence(error) };
  }
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(Number(value.toFixed(4))) : '';
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, inner]) => `${name}: ${textOf(inner)}`)
      .join(', ');
  return String(value);
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function sentence(error: unknown): string {
  const text = cut((error instanceof Error ? error.message : 'it cannot be read').split('\n')[0]!, 200);
  const place = /, line:(\d+), col:(\d+)$/.exec(text);
  const said = place ? text.slice(0, place.index) : text;
  const where = place ? ` (line ${place[1]}, character ${place[2]})` : '';
  const filter = /^undefined filter: (.+)$/.exec(said)?.[1];
  if (filter !== undefined)
    return `there is no filter “${filter}” here; there are ${filters.join(', ')}${where}`;
  const tag = /^tag "(.+)" not found$/.exec(said)?.[1];
  if (tag !== undefined)
    return `there is no tag “${tag}” here; there are ${tags.slice(0, 10).join(', ')}${where}`;
  if (/limit exceeded/.test(said)) return `it makes too much text${where}`;
  return `${said}${where}`;
}
