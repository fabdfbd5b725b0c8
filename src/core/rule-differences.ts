// What is different between two documents of a rule, part by part, as texts that a person can compare.
import { sameJson } from './json.ts';

export interface Difference {
  /** `name`, `params.limit`, `bands` … */
  part: string;
  before: string;
  after: string;
}

type Document = Record<string, unknown>;

/** Every part that differs; params one by one. An absent part is the empty text. */
export function differences(before: Document, after: Document): Difference[] {
  const found: Difference[] = [];
  for (const part of partsOf(before, after)) {
    if (part === 'params') {
      const [old, fresh] = [paramsOf(before), paramsOf(after)];
      for (const name of partsOf(old, fresh)) note(`params.${name}`, old[name], fresh[name]);
    } else note(part, before[part], after[part]);
  }
  return found;

  function note(part: string, old: unknown, fresh: unknown) {
    if (!sameJson(old, fresh)) found.push({ part, before: say(old), after: say(fresh) });
  }
}

function partsOf(a: Document, b: Document): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

function paramsOf({ params }: Document): Document {
  return params !== null && typeof params === 'object' ? (params as Document) : {};
}

function say(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ');
  return JSON.stringify(value);
}
