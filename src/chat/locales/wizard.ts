// What the wizard says, in English.
import { sayDuration } from '#core/duration.ts';
import { asText, sayNumber } from '#core/field.ts';
import { sayInstant } from '#core/hours.ts';
import type { Json } from '#core/json.ts';
import type { RuleDocument } from '#core/rule.ts';
import type { BackTest, WouldBe } from '#operations/back-test-book.ts';
import type { KindBook, KindField } from '#operations/kind-book.ts';
import { code, fold, Html, html, lines, short } from '../html.ts';
import { sayWhen } from '../rule-words.ts';
import { backTestLine } from './back-test.ts';
import { severityLabel } from './en.ts';

type Doc = Partial<RuleDocument> & { params?: Record<string, unknown> };
type Band = NonNullable<RuleDocument['bands']>[number];

// ── labels ──────────────────────────────────────────────────────────────────
export const lookAgain = 'Look again';
export const somethingElse = 'Something else';
export const everyEvent = 'Every event';
export const moreWays = 'More ways …';
export const otherField = 'Another field';
export const aboveInstead = 'above instead';
export const belowInstead = 'below instead';
export const skip = 'Skip';
export const takeAway = 'Without it';
export const done = 'Done';
export const typeIt = 'Type a condition';
export const allOfThem = 'All of them';
export const isOneOf = 'is one of them';
export const isNoneOf = 'is none of them';
export const eachThing = 'Each thing by itself';
export const allTogether = 'All together';
export const bySchedule = 'by a schedule';
export const byInterval = 'by how often';
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
export const asTheRule = 'as the rule says';
export const sameAsAlways = 'As always';
export const everywhere = 'Everywhere';
export const usualName = 'The usual name';
export const noEvent = 'No event';
export const onlyMe = 'Only me';
export const onlySome = 'Only some …';
export const trialOn = 'On trial';
export const trialOff = 'End the trial';
export const stopCounting = 'Stop counting';
export const count = 'Count what it would tell';
export const pressOne = 'Please press one of the buttons.';
export const nothingChanged = 'Nothing is different yet.';
export const tooManyConditions = 'A rule has at most 20 conditions.';
export const noName = 'A name has 1 to 100 characters.';

export const wayLimit = 'A number passes a limit';
export const wayChange = 'A value changes';
export const waySilence = 'Nothing came for a while';
export const wayMany = 'Too many within a time';
export const wayDifferent = 'Different values within a time';
export const wayGrows = 'A counter grows';
export const wayBar = 'Distance to a bar';
export const wayOwn = 'A condition of my own';

export const schedules: [string, string][] = [
  ['Every hour', '0 * * * *'],
  ['Every day at 9:00', '0 9 * * *'],
  ['Mon–Fri at 9:00', '0 9 * * 1-5'],
  ['Every Monday at 9:00', '0 9 * * 1'],
];

export const chosen = (label: string) => `✓ ${label}`;
export const without = (condition: string) => `Without ${short(condition, 40)}`;
export const inList = (name: string, not: boolean) => `${not ? 'not in' : 'in'} my list ${name}`;
export const each = (name: string) => `Each ${name}`;
export const thisGroup = (title: string) => `Everybody in ${short(title, 24)}`;
export const thenLimit = (limit: string) => `${limit} then`;
export const rowLabel = (number: number, when: string) => `${number}. ${sayWhen(when)}`;
export const hours = (when: string) => sayWhen(when);
export const span = (text: string) => (text === '00:00-24:00' ? 'all day' : sayWhen(text));
export const variant = (limit: string, told: number) => `At ${limit}: ${told.toLocaleString('en-US')} ×`;
export const showThem = (told: number) =>
  told === 1 ? 'Show it' : `Show the ${told.toLocaleString('en-US')}`;
export const fieldLabel = (name: string, last: string) => `${name} · now ${short(said(last), 16)}`;
export const numberField = (name: string, min: number | undefined, max: number | undefined, last: string) =>
  min !== undefined && max !== undefined && min < max
    ? `${name} · ${sayNumber(min)} – ${sayNumber(max)}`
    : fieldLabel(name, last);
export const textField = (name: string, last: string) => `${name} changes · now ${short(last, 16)}`;
export const anything = (side: string) => (side === 'from' ? 'whatever it was' : 'whatever it becomes');
export const choice = (value: string) =>
  ({ '>': 'over', '>=': 'at least', '<': 'under', '<=': 'at most' })[value] ?? value;

export function topicLabel(
  pattern: string,
  things: number,
  topics: { count: number }[],
  last: Json | undefined,
): string {
  const name = short(pattern, 30);
  if (topics.length > 1) {
    const events = topics.reduce((sum, { count }) => sum + count, 0);
    return `${name} · ${topics.length} topics · ${countOf(events, 'event', 'events')}`;
  }
  const value = last === undefined ? '' : ` · last ${short(said(asText(last) ?? ''), 12)}`;
  return `${name} · ${countOf(things, 'thing', 'things')}${value}`;
}

// ── topic and what ──────────────────────────────────────────────────────────
export const whichTopic = () => html`These topics are alive here. What shall I watch?`;
export const whichBelow = (branch: string) => html`All of ${code(branch)}, or a part of it?`;
export const nothingSeen = (curl: string, mayGiveKeys: boolean) =>
  lines(
    html`Nothing has arrived here yet. Send a first event, for example:`,
    new Html(`<pre>${code(curl, 600).source.replace(/<\/?code>/g, '')}</pre>`),
    html`The start screen shows this line with a key instead of YOUR_KEY${mayGiveKeys ? '; or give out one here: /sources, “What pushes”, “Give out a key”.' : '; an admin can give out another one: /sources.'}`,
    html`Then press “Look again”.`,
  );
export const typeTopic = () =>
  html`Type a topic, such as ${code('disk.usage')}, or a pattern: ${code('builds.**')} is everything below builds.`;
export const noTopic = (typed: string, fault: string) => `“${short(typed, 40)}” is no topic: ${fault}.`;
export const whatAbout = (count: number) =>
  count === 0
    ? html`No event of this kind has come yet. What about it shall I tell you?`
    : html`${countOf(count, 'event', 'events')} so far. What about it shall I tell you?`;
export const typeField = () => html`Type the name of the field, such as ${code('usage')}.`;
export const noField = (typed: string) => `“${short(typed, 40)}” cannot be the name of a field.`;
export const whichWay = (topic: string) => html`What about ${code(topic)} shall I tell you?`;

// ── parameters ──────────────────────────────────────────────────────────────
export const pressOneText = () => html`${pressOne}`;

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
export const noNumber = (typed: string) => `“${short(typed, 40)}” is no number; try 90 or 97.5.`;
export const noValue = () => 'A value has 1 to 256 characters.';
export const noDuration = (typed: string) => `“${short(typed, 40)}” is no duration; try 5m, 1h30m or 2d.`;
export const sentence = (text: string) => {
  const whole = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.?…]$/.test(whole) ? whole : `${whole}.`;
};

// ── only some, per what ─────────────────────────────────────────────────────
export const onlyWhich = (match: string[]) =>
  match.length === 0
    ? html`Which of them count? Choose what sets them apart.`
    : html`Only where ${code(match.join(' and '), 300)} counts. What else sets them apart?`;
export const typeCondition = () =>
  html`Type a condition, such as ${code('host = cad1')}, ${code('status = fail or status = lost')} or ${code('block in $me.blocks', 40)}.`;
export const onlyValues = (field: string, not: boolean, values: string[]) =>
  values.length === 0
    ? html`Only where ${short(field, 40)} ${not ? 'is none of' : 'is'} … Press or type a value; ${code('> 90')} compares.`
    : html`Only where ${short(field, 40)} ${not ? 'is none of' : 'is'} ${code(values.join(', '), 200)}. More?`;
export const whichKey = (counts: boolean) =>
  counts ? html`What is counted together?` : html`What has an alert of its own?`;
export const typeKey = () => html`Type the fields, such as ${code('project, runtag')}.`;

// ── hours ───────────────────────────────────────────────────────────────────
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

// ── where, how long, how bad ────────────────────────────────────────────────
export const whereTold = () => html`Where shall I tell you?`;
export const whereThen = () => html`And where shall I tell you then?`;
export const whereInRow = (when: string) => html`${sayWhen(when)}: where shall I tell you?`;
export const whichSpan = (part: string) =>
  part === 'for'
    ? html`How long must it last before I tell you?`
    : html`How long must the end last before it counts?`;
export const typeSpan = (_part: string) => html`Type how long, such as ${code('10m')} or ${code('2h')}.`;
export const howBad = () => html`How bad is it?`;
export const typeName = (name: string | undefined) =>
  name === undefined ? html`Type its name.` : html`It is called “${short(name, 100)}”. Type another name.`;
export const typeEmit = (emit: string | undefined) =>
  html`When it fires it can also become an event, for other rules. ${emit === undefined ? 'Of which topic?' : html`Its topic is ${code(emit)}.`} Press or type it.`;
export const whichUnless = (count: number) =>
  count === 0
    ? html`You have no other rule that could hold this one back.`
    : html`While which other rule burns shall this one tell nothing?`;
export const whichVerify = (count: number) =>
  count === 0
    ? html`No target is asked yet that could say whether it is so. An admin adds one by /sources.`
    : html`Whom shall I ask before I tell it? While it answers, you hear nothing; when it does not within a minute, I tell it.`;
export const namedLikeIt = 'The target named like what it is about';
export const noTarget = (typed: string) => `There is no target “${short(typed, 40)}”.`;
export const savedNow = () => html`Saved.`;
export const forWhom = () => html`Who is told?`;

// ── preview ─────────────────────────────────────────────────────────────────
export function answersSoFar(
  draft: { doc: Doc; way?: string; ruleId?: string },
  { book }: { book: KindBook },
): Html | undefined {
  const { topic, kind, params = {}, match = [] } = draft.doc;
  if (topic === undefined) return undefined;
  const checked = kind === undefined ? undefined : book.check(kind, params);
  const what = checked?.ok ? book.describe(kind!, checked.params) : String(params.field ?? '');
  return lines(
    html`Topic: ${code(topic)}`,
    what !== '' && html`${checked?.ok ? 'Tell' : 'About'}: ${short(what, 120)}`,
    match.length > 0 && html`Only: ${code(match.join(' and '), 200)}`,
    html``,
  );
}

export function preview(
  sentence: Html[],
  changed: Html | undefined,
  facts: { count?: { fraction: number; result?: BackTest; problem?: string } },
): Html {
  const { count } = facts;
  const told =
    count &&
    (count.result
      ? backTestLine(count.result)
      : count.problem !== undefined
        ? html`${count.problem}`
        : html`Counting what it would have told you: ${Math.floor(count.fraction * 100)} % …`);
  return lines(changed, ...sentence, told, changed === undefined && html`Is it right so?`);
}

export function changes(
  all: { part: string; old: string; fresh: string }[],
  { open, ends }: { open: number; ends: boolean },
): Html {
  if (all.length === 0) return html`As it is now:`;
  const rows = all.map(
    ({ part, old, fresh }) =>
      html`${partName(part)}: ${code(old === '' ? 'none' : old, 120)} → ${code(fresh === '' ? 'none' : fresh, 120)}`,
  );
  const alerts = countOf(open, 'open alert', 'open alerts');
  const fate =
    open === 0
      ? undefined
      : ends
        ? html`It asks about other things then: its ${alerts} end${open === 1 ? 's' : ''}, and whoever heard of ${open === 1 ? 'it' : 'them'} is told.`
        : html`Its ${alerts} stay${open === 1 ? 's' : ''} open; the next event decides.`;
  return lines(...rows, fate, html``);
}

export const changeWhich = (sentence: Html[]) => lines(...sentence, html`What shall be different?`);
export const partName = (part: string) =>
  ({
    topic: 'Topic',
    what: 'What',
    only: 'Only some',
    match: 'Only some',
    key: 'Per what',
    hours: 'Hours',
    bands: 'Hours',
    for: 'How long',
    keepFiringFor: 'End lasts',
    severity: 'Severity',
    told: 'Told where',
    to: 'Told where',
    name: 'Name',
    emit: 'Becomes an event',
    unless: 'Not while',
    verify: 'Ask first',
    whom: 'Who',
    shadow: 'On trial',
  })[part] ?? part;

/** A part of a rule as a person compares it. */
export function partValue(part: string, value: unknown, label: (id: string) => string): string {
  if (value === undefined || value === null) {
    const none: Record<string, string> = {
      for: 'at once',
      severity: 'as the event says',
      match: 'all',
      bands: 'all hours',
      shadow: 'no',
    };
    return none[part] ?? '';
  }
  if (value === true) return 'yes';
  if (part === 'bands')
    return (value as Band[])
      .map(({ when, params, off, to }) => {
        const limit = Object.values(params ?? {})
          .map((one) => asText(one as Json) ?? '')
          .join(' ');
        const told = to ? ` at ${to.map(label).join(' and ')}` : '';
        return `${sayWhen(when)}${off ? ' nothing' : limit === '' ? '' : ` ${limit}`}${told}`;
      })
      .join(', ');
  if (part === 'unless') return (value as { rule: string }[]).map(({ rule }) => rule).join(', ');
  if (part === 'to') return (value as string[]).map(label).join(', ');
  if (part === 'match') return (value as string[]).join(' and ');
  if (typeof value === 'number') return sayNumber(value);
  return Array.isArray(value) ? value.join(', ') : String(value);
}

export function wouldBe(facts: { count?: { result?: BackTest }; zone: string; now: number }): Html {
  const result = facts.count?.result;
  if (!result) return html`There is nothing to show yet.`;
  const one = (alert: WouldBe) =>
    html`${sayInstant(alert.at, facts.zone, facts.now)} ${code(alert.subject, 40)} ${short(alert.text, 60)}${alert.overAt !== null && alert.overAt > alert.at ? html`, over after ${sayDuration(alert.overAt - alert.at)}` : ''}`;
  const first = result.first.map(one);
  const last = result.last.map(one);
  const between = result.leftOut > 0 ? [html`… ${countOf(result.leftOut, 'more', 'more')} …`] : [];
  const all = [...first, ...between, ...last];
  return lines(
    backTestLine(result),
    all.length === 0 ? undefined : all.length > 8 ? fold(all) : lines(...all),
    result.heldByQuiet > 0 &&
      html`${countOf(result.heldByQuiet, 'would have waited', 'would have waited')} until your quiet hours were over.`,
    result.burning > 0 && html`${countOf(result.burning, 'would still burn', 'would still burn')}.`,
  );
}

function countOf(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${count.toLocaleString('en-US')} ${many}`;
}
function comma(parts: Html[]): Html {
  return new Html(parts.map(({ source }) => source).join(', '));
}
function said(text: string): string {
  return text.trim() !== '' && Number.isFinite(Number(text)) ? sayNumber(Number(text)) : text;
}
