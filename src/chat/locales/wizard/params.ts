// What the wizard says about the parameters of a kind.
import { asText, sayNumber } from '#core/field.ts';
import type { Json } from '#core/json.ts';
import type { KindField } from '#operations/kind-book.ts';
import { code, type Html, html, lines, short } from '../../html.ts';
import type { Doc } from './hours.ts';
import { comma, said } from './usual.ts';

export const aboveInstead = 'above instead';
export const belowInstead = 'below instead';
export const bySchedule = 'by a schedule';
export const byInterval = 'by how often';

export const schedules: [string, string][] = [
  ['Every hour', '0 * * * *'],
  ['Every day at 9:00', '0 9 * * *'],
  ['Mon–Fri at 9:00', '0 9 * * 1-5'],
  ['Every Monday at 9:00', '0 9 * * 1'],
];

export const fieldLabel = (name: string, last: string) => `${name} · now ${short(said(last), 16)}`;
export const anything = (side: string) => (side === 'from' ? 'whatever it was' : 'whatever it becomes');
export const choice = (value: string) =>
  ({ '>': 'over', '>=': 'at least', '<': 'under', '<=': 'at most' })[value] ?? value;

/** A question for the parameters that have one; the others are asked by their label and hint. */
function asked({ name, label, hint }: KindField, { kind, params = {} }: Doc): Html {
  const field = short(String(params.field ?? params.distinct ?? ''), 40);
  switch (`${kind} ${name}`) {
    case 'change from':
      return html`When ${field} changes: what was it before?`;
    case 'change to': {
      const from = [params.from ?? []].flat();
      const was = from.length > 0 ? html` from ${code(from.join(' or '))}` : '';
      return html`When ${field} changes${was}: what does it become?`;
    }
    case 'absence every':
      return html`Tell you when nothing came for …`;
    case 'absence cron':
      return html`By which schedule should it come?`;
    case 'absence grace':
      return html`How late may it be?`;
    case 'count distinct':
      return html`Different values of what?`;
    case 'count moreThan':
      return field === ''
        ? html`Tell you when there are more than …`
        : html`Tell you when there are more different values of ${field} than …`;
    case 'count within':
      return html`Counted within …`;
    case 'increase field':
      return html`Which counter?`;
    case 'increase by':
      return html`Tell you when ${field} grows by more than …`;
    case 'increase within':
      return html`Within …`;
    case 'ratio field':
    case 'threshold field':
      return html`Which number?`;
    default:
      return html`${label}: ${hint}.`;
  }
}
export const whichParam = (field: KindField, doc: Doc) => asked(field, doc);

export function whichNumber(
  field: KindField,
  doc: Doc,
  above: boolean,
  range: { min: number; max: number } | undefined,
  values: [string, Json][],
): Html {
  const now = values
    .slice(0, 3)
    .map(([subject, value]) => html`${code(subject, 30)} ${said(asText(value) ?? '')}`);
  const seen =
    range &&
    html`Seen: ${spread(range)}${now.length > 0 ? ', now ' : ''}${comma(now)}${values.length > 3 ? ' …' : ''}`;
  return lines(seen, limitAsk(field, doc, above, ' …') ?? asked(field, doc));
}
function spread({ min, max }: { min: number; max: number }): string {
  return min < max ? `${sayNumber(min)} – ${sayNumber(max)}` : sayNumber(min);
}
function limitAsk({ name }: KindField, { params = {} }: Doc, above: boolean, end: string): Html | undefined {
  const about = short(String(params.field ?? ''), 40);
  if (name === 'limit') return html`Tell you when ${about} is ${above ? 'above' : 'below'}${end}`;
  if (name === 'bar') return html`${about} must stay ${above ? 'below' : 'above'} which bar?`;
  return undefined;
}
export function typeNumber(field: KindField, doc: Doc, above: boolean): Html {
  const { params = {} } = doc;
  return field.name === 'limit'
    ? html`Type the number. I tell you when ${short(String(params.field ?? ''), 40)} is ${above ? 'above' : 'below'} it.`
    : lines(limitAsk(field, doc, above, '') ?? asked(field, doc), html`Type the number.`);
}
export function typeParam(field: KindField, doc: Doc): Html {
  const example: Record<string, [string, string]> = {
    field: ['Type the name of the field, such as', 'usage'],
    duration: ['Type how long, such as', '10m or 2h'],
    list: ['Type the value; several are joined by “or”:', 'Hired or Lost'],
    cron: ['Type a schedule (minute hour day month weekday), such as', '30 8 * * 1-5'],
    zone: ['Type a time zone, such as', 'Europe/Berlin'],
    expression: ['Type the condition, such as', 'event.data.usage > 90.0 && event.labels.env == "prod"'],
  };
  const [ask, such] = example[field.input as string] ?? ['Type it.', ''];
  return lines(asked(field, doc), html`${ask}${such === '' ? '' : html` ${code(such, 80)}`}`);
}
