// Texts about what pushes by itself, its keys, and what its fields mean.
import type { NewEvent } from '#core/event.ts';
import { sayInstant } from '#core/hours.ts';
import type { Lack, Mapping } from '#core/mapping.ts';
import { sentence } from '#core/sentence.ts';
import type { ListedSource } from '#operations/list-sources.ts';
import { firstLine } from '../first-line.ts';
import { bold, code, type Html, html, lines, short } from '../html.ts';

export const pushersLabel = 'What pushes';
export const addPusher = 'Give out a key';
export const anotherKey = 'Another key';
export const mapIt = 'What its fields mean';
export const useIt = 'Use it';
export const none = 'Nothing';
export const notNow = 'Not now';
export const renewKey = (id: string) => `Renew ${tail(id)}`;
export const revokeKey = (id: string) => `Revoke ${tail(id)}`;
export const revokeSurely = 'Yes, revoke it';
export const revoked = 'It is good no longer.';

const tail = (id: string) => `…${id.slice(-4)}`;
const used = (at: number | null, zone: string, now: number) =>
  at === null ? 'never used' : `last used ${sayInstant(at, zone, now)}`;

/** Whose makers are gone: they are good until somebody revokes them. */
function leftKeys(all: ListedSource[]): Html[] {
  const names = all
    .filter(({ keys }) => keys.some(({ left, state }) => left && state === 'good'))
    .map(({ name }) => name);
  if (names.length === 0) return [];
  return [html`Keys made by somebody who has left, still good: ${short(names.join(', '), 300)}.`];
}

export const pushersTitle = (all: ListedSource[], zone: string, now: number): Html =>
  all.length === 0
    ? html`Nothing may push yet. A key lets a program send events here.`
    : lines(
        html`These may push:`,
        ...all.slice(0, 30).map(({ name, keys }) => {
          const last = Math.max(...keys.map(({ lastUsedAt }) => lastUsedAt ?? 0), 0);
          return html`• ${short(name, 40)} · ${used(last === 0 ? null : last, zone, now)}`;
        }),
        ...leftKeys(all),
        all.length > 30 && html`and ${all.length - 30} more.`,
      );
export const pusherDetail = (one: ListedSource, waiting: number, zone: string, now: number): Html =>
  lines(
    bold(short(one.name, 60)),
    one.keys.length === 0 && html`It has no key.`,
    ...one.keys
      .slice(0, 8)
      .map(
        ({ id, state, scopes, lastUsedAt, by }) =>
          html`• key ${tail(id)} · ${state} · ${scopes.join(', ')} · ${by === null ? '' : `made by ${short(by, 40)} · `}${used(lastUsedAt, zone, now)}`,
      ),
    one.mapped
      ? html`It is known what its fields mean.`
      : waiting > 0 && html`Nobody has said yet what its fields mean.`,
    waiting > 0 && html`${waiting === 1 ? '1 message waits' : `${waiting} messages wait`} to be understood.`,
  );
export const pusherGone = () => html`This one is not here any more.`;
export const askName = (problem?: string): Html =>
  lines(
    problem !== undefined && html`${sentence(problem)}`,
    html`What will push? Type a name, for example ${code('nas')}.`,
  );
/** What of a new key is worth copying. */
export const keyCopies = (key: string, publicUrl: string): Record<string, string> => ({
  'Copy the key': key,
  'Copy the line': firstLine(publicUrl, key),
});
export const keyOnce = (key: string, publicUrl: string): Html =>
  lines(
    html`Its key, shown only now:`,
    code(key, 200),
    html`Try it:`,
    code(firstLine(publicUrl, key), 600),
    html`JSON of its own form goes to ${code(`${publicUrl}/v1/in/mapped`, 200)}; what it means is said here afterwards.`,
  );
export const oldUntil = (at: number, zone: string, now: number) =>
  html`The old key is good until ${sayInstant(at, zone, now)}.`;
export const revokeAsk = (name: string, id: string) =>
  html`Revoke the key ${tail(id)} of ${bold(short(name, 60))}? Whatever uses it is refused from that moment.`;

// ── what fields mean ────────────────────────────────────────────────────────
export const parts = ['topic', 'title', 'subject', 'severity', 'status', 'time'] as const;
export type MappingPart = (typeof parts)[number];
export const partLabel: Record<MappingPart, string> = {
  topic: 'Topic',
  title: 'What happened',
  subject: 'What it is about',
  severity: 'How bad',
  status: 'Begins or ends',
  time: 'When',
};
export const nothingToMap = (publicUrl: string): Html =>
  lines(
    html`Nothing waits to be understood: no sample has come yet.`,
    html`Send one message to ${code(`${publicUrl}/v1/in/mapped`, 200)} with its key, and come back.`,
  );
export const mappingShown = (
  name: string,
  mapping: Mapping,
  made: { ok: true; events: { event: NewEvent }[] } | { ok: false; lacks: Lack[] },
  problem?: string,
): Html =>
  lines(
    html`What the fields of ${bold(short(name, 60))} mean:`,
    problem !== undefined && html`${sentence(problem)}`,
    ...parts.map(
      (part) =>
        html`${partLabel[part]}: ${mapping[part] === undefined ? 'not said' : code(mapping[part], 80)}`,
    ),
    mapping.items !== undefined && html`Each item of ${code(mapping.items)} is an event.`,
    ...(made.ok ? preview(made.events.map(({ event }) => event)) : lacking(made.lacks)),
  );
const preview = (events: NewEvent[]): Html[] => {
  const [first] = events;
  if (!first) return [];
  const { type, subject, severity, status, data } = first;
  return [
    html`The newest sample would be${events.length > 1 ? ` ${events.length} events, the first` : ''}:`,
    html`${code(type)} · ${subject === '' ? 'no subject' : bold(short(subject ?? '', 60))}${severity ? ` · ${severity}` : ''}${status ? ` · ${status}` : ''}`,
    ...(typeof data?.summary === 'string' ? [html`${short(data.summary, 120)}`] : []),
  ];
};
const lacking = (lacks: Lack[]): Html[] => [
  html`The newest sample cannot be read so:`,
  ...lacks
    .slice(0, 5)
    .map(({ path, text }) => html`• ${path === '' ? '' : html`${code(path)} `}${short(text, 160)}`),
];
export const askPart = (part: MappingPart): Html =>
  lines(
    html`Which field says: ${bold(partLabel[part])}?`,
    html`Press one, or type a text with fields in braces, for example ${code(part === 'topic' ? 'builds.{project}' : '{host}')}.`,
  );
export const fieldLabel = (path: string, value: string) => `${short(path, 24)} · ${short(value, 20)}`;
export const mapped = (waiting: number): Html =>
  waiting === 0
    ? html`It is understood from now on.`
    : html`It is understood from now on; ${waiting === 1 ? 'what waited is' : `the ${waiting} that waited are`} read again.`;
