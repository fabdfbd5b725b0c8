// What the wizard says about hours, and what is different in them.
import type { RuleDocument } from '#core/rule.ts';
import type { KindBook } from '#operations/kind-book.ts';
import { code, type Html, html, lines, short } from '../../html.ts';
import { sayWhen } from '../../rule-words.ts';
import { severityLabel } from '../labels.ts';

export type Doc = Partial<RuleDocument> & { params?: Record<string, unknown> };
export type Band = NonNullable<RuleDocument['bands']>[number];

export const sameThen = 'same';
export const nothingThen = 'don’t tell me then';
export const nothingThenShort = 'Nothing then';
export const tellThen = 'Tell me then';
export const otherHours = 'other hours';
export const addHours = 'Add hours';
export const onlyOffice = 'Only Mon–Fri 9–18';
export const daysAndHours = 'Days and hours';
export const limitLabel = 'Limit';
export const severityLabelShort = 'Severity';
export const toldWhere = 'Told where';
export const removeRow = 'Remove';
export const thenLimit = (limit: string) => `${limit} then`;
export const rowLabel = (number: number, when: string) => `${number}. ${sayWhen(when)}`;
export const hours = (when: string) => sayWhen(when);
export const span = (text: string) => (text === '00:00-24:00' ? 'all day' : sayWhen(text));

export function whichNight(when: string, usual: boolean, typed: boolean): Html {
  const ask = usual
    ? html`At night or weekends a different limit?`
    : html`Outside ${sayWhen(when)} a different limit?`;
  return lines(
    usual ? html`${ask} (Day: ${sayWhen(when)}.)` : ask,
    typed && html`Press, or type another number.`,
  );
}
export const whichHours = () =>
  html`Which hours are the day? Press, or type for example ${code('Mon-Fri 7:30-19:00', 40)}.`;
export function hoursTable(
  doc: Doc,
  facts: { zone: string; book: KindBook; receivers?: { id: string; label: string }[] },
): Html {
  const { bands = [] } = doc;
  if (bands.length === 0) return html`It watches at all hours. Your clock: ${facts.zone}.`;
  const rows = bands.map((band, i) => html`${i + 1}. ${rowWords(band, doc, facts)}`);
  const rest = bands.some(({ when }) => when === 'otherwise')
    ? undefined
    : html`Otherwise: ${does(doc, {}, facts.book)}.`;
  return lines(html`The first that holds counts (your clock: ${facts.zone}):`, ...rows, rest);
}
function rowWords(
  { when, params, off, severity, to }: Band,
  doc: Doc,
  facts: { book: KindBook; receivers?: { id: string; label: string }[] },
): Html {
  const told = (to ?? []).map((id) => facts.receivers?.find((one) => one.id === id)?.label ?? id);
  const bad = severity ? `; ${severityLabel(severity)}` : '';
  const there = told.length > 0 ? `; told at ${told.join(' and ')}` : '';
  return html`${sayWhen(when)}: ${off ? 'nothing is told' : short(does(doc, params ?? {}, facts.book), 120)}${bad}${there}.`;
}
function does({ kind = 'every', params = {} }: Doc, other: Record<string, unknown>, book: KindBook): string {
  const checked = book.check(kind, { ...params, ...other });
  return checked.ok ? book.describe(kind, checked.params) : book.title(kind);
}
export const rowText = (
  row: number,
  band: Band,
  doc: Doc,
  facts: { book: KindBook; receivers?: { id: string; label: string }[] },
) => lines(html`Row ${row + 1}`, rowWords(band, doc, facts));
export const whichWhen = (when: string) =>
  html`Now: ${sayWhen(when)}. Press days and hours, or type for example ${code('Sat 10:00-14:00', 40)}.`;
export const rowLimit = (when: string, limit: string) =>
  html`${sayWhen(when)}: the limit is ${limit}. Type another, or press.`;
