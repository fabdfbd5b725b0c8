// Forum topics: which one of a chat an alert belongs into, by its name. Pure.
import type { Alert } from './alert.ts';
import { cleanText } from './clean.ts';

/** What each forum topic stands for: a topic of events, or the source that they come from. */
export const divisions = ['topic', 'source'] as const;
export type Division = (typeof divisions)[number];

/** Telegram takes 128 UTF-16 units; a number may have to fit behind it. */
const longest = 100;

/** The name of the forum topic for this alert; undefined: it has none. */
export function forumTopicOf(by: Division, alert: Pick<Alert, 'topic' | 'labels'>): string | undefined {
  return tidyName((by === 'source' && alert.labels.source) || alert.topic);
}

/** A name as a forum topic can have it; undefined when nothing is left of it. */
export function tidyName(text: string): string | undefined {
  const plain = cleanText(text)
    .replace(/[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  let name = '';
  for (const letter of plain) {
    if (name.length + letter.length > longest) break;
    name += letter;
  }
  return name === '' || name === '*' ? undefined : name;
}
