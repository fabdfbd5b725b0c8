// Texts about topics: the tree, one topic with its fields, and what does not fit between a rule and what comes.
import { sayDuration } from '#core/duration.ts';
import { asText, sayNumber } from '#core/field.ts';
import { sayInstant } from '#core/hours.ts';
import type { Json } from '#core/json.ts';
import { own } from '#core/own.ts';
import { sayQuantity } from '#core/quantity.ts';
import type { TopicPicture } from '#core/topic-picture.ts';
import type { Branch } from '#core/topic-tree.ts';
import type { RuleHint } from '#operations/rule-hints.ts';
import type { Trial } from '#store/trials.ts';
import { bold, code, type Html, html, lines, short } from '../html.ts';
import { countOf } from './count-of.ts';

export const allTopics = 'All topics';
export const watchThis = 'Watch this';
export const leaveOut = 'Leave it out';
export const aRule = 'A rule for all of it';

const ago = (at: number, now: number) =>
  now - at < 1000 ? 'just now' : `${sayDuration(Math.max(0, now - at))} ago`;

export const noTopics = (curl: string) =>
  lines(
    html`Nothing has come yet. A service sends its first event like this, with its key instead of YOUR_KEY:`,
    code(curl, 400),
  );
export const notThere = (path: string) => html`Nothing has come under ${code(path, 100)}.`;

export function treeTitle(path: string, branches: readonly Branch[], page: { at: number; of: number }): Html {
  const topics = branches.reduce((sum, branch) => sum + branch.topics, 0);
  const events = branches.reduce((sum, branch) => sum + branch.events, 0);
  const what = `${countOf(topics, 'topic', 'topics')}, ${countOf(events, 'event', 'events')}`;
  const where = path === '' ? html`What comes here: ` : html`${bold(path)}: `;
  return html`${where}${what}${page.of > 1 ? `, page ${page.at + 1} of ${page.of}` : ''}.`;
}

export function branchLine({ path, topics, events, lastAt, below, isTopic }: Branch, now: number): Html {
  const holds = below.length === 0 ? '' : ` · ${countOf(topics, 'topic', 'topics')}`;
  const all = below.length > 0 && !isTopic ? '.*' : '';
  const last = lastAt === 0 ? '' : ` · ${ago(lastAt, now)}`;
  return html`${code(`${path}${all}`, 100)}${holds} · ${countOf(events, 'event', 'events')}${last}`;
}
export const branchLabel = ({ path, below, topics }: Branch) =>
  below.length > 0 ? `${path} (${topics})` : path;

export interface TopicFacts extends Omit<TopicPicture, 'fields'> {
  fields: FieldFacts[];
  /** Newest first. */
  subjects: { subject: string; at: number; data: Record<string, Json> }[];
  /** How many subjects are known. */
  known: number;
  units: Record<string, string>;
  zone: string;
  now: number;
}

export interface FieldFacts {
  name: string;
  unit: string | undefined;
  description: string | undefined;
  required: boolean;
  lackedBy: number;
  seen: { type: string; last: Json; min?: number; max?: number; values?: string[] } | undefined;
}

const mostFields = 15;
const mostSubjects = 5;

export function topicDetail(facts: TopicFacts): Html {
  const { topic, title, description, strict, count, lastAt, fields, subjects, now, zone } = facts;
  return lines(
    title === null ? bold(short(topic, 200)) : html`${bold(short(title, 100))} · ${code(topic, 200)}`,
    description !== null && html`${short(description, 500)}`,
    count === 0
      ? html`It was described, but nothing has come yet.`
      : html`${countOf(count, 'event', 'events')}${lastAt === null ? '' : `, the last ${ago(lastAt, now)}`}, about ${countOf(facts.known, 'thing', 'things')}.`,
    strict && html`Events that do not keep to this are refused.`,
    ...fields.slice(0, mostFields).map(fieldLine),
    fields.length > mostFields &&
      html`and ${countOf(fields.length - mostFields, 'more field', 'more fields')}.`,
    subjects.length > 0 && html`Last:`,
    ...subjects
      .slice(0, mostSubjects)
      .map(
        ({ subject, at, data }) =>
          html`• ${code(subject === '' ? topic : subject, 60)} ${valuesOf(data, facts)} · ${sayInstant(at, zone, now)}`,
      ),
  );
}

function fieldLine({ name, unit, description, required, lackedBy, seen }: FieldFacts): Html {
  const notes = [
    ...(required
      ? [lackedBy > 0 ? `required, ${countOf(lackedBy, 'event', 'events')} without it` : 'required']
      : []),
    ...(description ? [short(description, 100)] : []),
  ];
  const what = seen ? rangeOf(seen, unit) : 'never seen';
  return html`• ${code(name, 60)}: ${what}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`;
}

function rangeOf(
  { type, last, min, max, values = [] }: NonNullable<FieldFacts['seen']>,
  unit: string | undefined,
) {
  if (type === 'number' && min !== undefined && max !== undefined) {
    const now = typeof last === 'number' ? sayQuantity(last, unit) : short(asText(last) ?? '', 30);
    return min === max ? now : `${sayNumber(min)} – ${sayQuantity(max, unit)}, last ${now}`;
  }
  if (values.length === 0) return short(asText(last) ?? '', 60);
  const shown = values.slice(-5).map((value) => short(value, 30));
  return `${shown.join(', ')}${values.length > shown.length ? ' …' : ''}`;
}

function valuesOf(data: Record<string, Json>, { fields, units }: TopicFacts): string {
  const order = new Map(fields.map(({ name }, i) => [name, i]));
  return Object.entries(data)
    .sort(([a], [b]) => (order.get(a) ?? 99) - (order.get(b) ?? 99))
    .slice(0, 3)
    .map(([name, value]) => {
      const unit = own(units, name);
      return `${short(name, 30)} ${typeof value === 'number' ? sayQuantity(value, unit) : short(asText(value) ?? '', 40)}`;
    })
    .join(', ');
}

/** What a rule's owner should know before waiting for it in vain. */
export function ruleHint(topic: string, hint: RuleHint): Html {
  if (hint.is === 'no-events') return html`No event of ${code(topic, 100)} has come yet.`;
  if (hint.is === 'no-list')
    return html`You keep no list ${code(`$me.${hint.list}`)}, so it is empty here.${hint.near === undefined ? '' : html` Did you mean ${code(`$me.${hint.near}`)}?`} ${code(`/my ${hint.list} add …`)} begins it.`;
  const meant = hint.near === undefined ? '' : html` Did you mean ${code(hint.near)}?`;
  return html`No event of ${code(topic, 100)} has had a field ${code(hint.field)}.${meant}`;
}

/** What a rule on trial would have told. */
export function trial({ told, since, last }: Trial, zone: string, now: number): Html {
  if (told === 0 || since === null) return html`It would have told nothing so far.`;
  return lines(
    html`Since ${sayInstant(since, zone, now)} it would have told ${told === 1 ? 'once' : `${told.toLocaleString('en-US')} times`}.`,
    ...last.map(
      ({ at, subject, title, text }) =>
        html`• ${sayInstant(at, zone, now)} ${code(subject === '' ? title : subject)} ${short(text, 100)}`,
    ),
  );
}
