// Reading what another system wrote: bounded, and lenient where its sender cannot mend it.
import { cleanText } from '#core/clean.ts';
import { cut } from '#core/cut.ts';
import { asText } from '#core/field.ts';
import type { Json } from '#core/json.ts';
import { inside } from '#core/own.ts';
import { limits } from './fields.ts';
import { shortHash } from './hash.ts';

type Given = Record<string, Json | undefined>;
const most = { text: 4_000, json: 16_000 } as const;

/** The value at a dotted path such as `repository.full_name` or `alerts.0`. */
export function valueAt(value: Json | undefined, path: string): Json | undefined {
  return inside(value, path.split('.'));
}

/** The first of the paths at which something is said, as text without blanks around it; undefined when none is. */
export function textAt(value: Json | undefined, ...paths: string[]): string | undefined {
  for (const path of paths) {
    const found = valueAt(value, path);
    if (typeof found !== 'string' && typeof found !== 'number' && typeof found !== 'boolean') continue;
    const text = cleanText(String(found)).trim();
    if (text !== '') return text;
  }
  return undefined;
}

// Cleaned once more: the cut may have gone through a letter. Twice the length is read, of which half may be removed.
function atMost(length: number, text: string): string {
  return cleanText(cleanText(text.slice(0, 2 * length)).slice(0, length));
}

/** Labels: what has no name or says nothing is left out, what is long is cut. */
export function labelsOf(given: Given): Record<string, string> {
  const said = Object.entries(given).filter(
    (entry): entry is [string, Json] => entry[0] !== '' && entry[1] !== undefined && entry[1] !== null,
  );
  return Object.fromEntries(
    said
      .slice(0, limits.labels)
      .map(([name, value]) => [
        atMost(limits.labelName, name),
        atMost(limits.labelValue, asText(value) ?? ''),
      ]),
  );
}

/** Facts for `data`: without what says nothing; long texts are cut, large objects become a piece of their text. */
export function factsOf(given: Given): Record<string, Json> {
  const facts: [string, Json][] = [];
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === '') continue;
    if (typeof value === 'string') facts.push([name, cut(value, most.text)]);
    else if (typeof value === 'object') {
      const text = JSON.stringify(value);
      if (text !== '{}' && text !== '[]')
        facts.push([name, text.length <= most.json ? value : cut(text, most.text)]);
    } else facts.push([name, value]);
  }
  return Object.fromEntries(facts);
}

/** A name as fingerprint or id: at most 200 characters, a longer one as its digest; undefined when it says nothing. */
export function nameOf(name: string | null | undefined): string | undefined {
  const clean = cleanText(name ?? '');
  return clean.length <= limits.name ? clean || undefined : shortHash(clean);
}

/** A fingerprint of several parts, in which `a`, `bc` is not `ab`, `c`. */
export function nameOfParts(...parts: (string | undefined)[]): string {
  return shortHash(JSON.stringify(parts.map((part) => part ?? null)));
}

/** A subject of at most 500 characters. */
export function subjectOf(text: string | undefined): string {
  return atMost(limits.subject, text ?? '');
}

/** A topic of these words, each as one part: what a topic cannot hold becomes `_`; words that say nothing are left out. */
export function topicOf(first: string, ...words: (string | undefined)[]): string {
  const parts = words.map((word) => topicPart(word ?? '')).filter((part) => part !== '');
  return [first, ...parts.slice(0, 4)].join('.');
}

function topicPart(word: string): string {
  return word
    .slice(0, 200)
    .replace(/[^A-Za-z0-9_-]+/g, '_')
    .replace(/^_+(?=.)|(?<=.)_+$/g, '')
    .slice(0, 40);
}
