// One parameter of a kind, asked as its schema says: a field, a number, a duration, a choice, a list, a schedule, a text.
import { parseDuration, printDuration, sayDuration } from '#core/duration.ts';
import { asText } from '#core/field.ts';
import { sentence } from '#core/sentence.ts';
import type { KindField } from '#operations/kind-book.ts';
import * as labels from '../locales/labels.ts';
import * as say from '../locales/wizard/params.ts';
import * as usual from '../locales/wizard/usual.ts';
import { askNumber } from './ask-number.ts';
import { answered, type Draft, withParam } from './draft.ts';
import { type Facts, seenValues, topicsUnder, usableFields } from './facts.ts';
import {
  type Answered,
  type Ask,
  after,
  type Given,
  inRows,
  is,
  type Option,
  type View,
} from './question.ts';
import { fieldNamed, mainNumber } from './ways.ts';

/** The question about this parameter. */
export function askParam(name: string): Ask {
  return {
    view(draft, facts) {
      const field = fieldNamed(facts.book, draft.doc, name);
      if (!field) return { text: usual.pressOneText(), rows: [] };
      if (field.input === 'number') return withSkip(askNumber.view(draft, facts, field), draft, field);
      if (draft.typing) return { text: say.typeParam(field, draft.doc), rows: [] };
      const options = optionsFor(field, draft, facts);
      const asks = say.whichParam(field, draft.doc);
      const rows = inRows(options, field.input === 'field' || field.input === 'cron' ? 1 : 3);
      const typed = field.input !== 'operator' && field.input !== 'choice';
      // What can only be typed says so at once.
      if (options.length === 0)
        return withSkip({ text: say.typeParam(field, draft.doc), rows: [] }, draft, field);
      if (typed) rows.push([{ label: labels.other, answer: 'type' }, ...swap(draft, field)]);
      return withSkip({ text: asks, rows }, draft, field);
    },
    answer(draft, given, facts) {
      const field = fieldNamed(facts.book, draft.doc, name);
      if (!field) return { draft };
      if (is('type', given)) return { draft: { ...draft, typing: true }, to: 'stay' };
      if (is('skip', given)) return { draft: withParam(draft, name, undefined) };
      const other = after('instead', given);
      if (other !== undefined) return { draft: answered(draft, `p:${name}`), to: `p:${other}` };
      if (field.input === 'number') return settle(askNumber.answer(draft, given, field), field, facts);
      return settle(read(draft, given, field), field, facts);
    },
  };
}

function withSkip(view: View, draft: Draft, { name, required, input }: KindField): View {
  if (required || draft.typing || input === 'list') return view;
  if (name === 'every' && draft.doc.params?.cron === undefined) return view;
  const label = draft.doc.params?.[name] === undefined ? usual.skip : usual.takeAway;
  return { ...view, rows: [...view.rows, [{ label, answer: 'skip' }]] };
}

/** How often it comes, or by which schedule: one of the two. */
function swap({ doc }: Draft, { name }: KindField): Option[] {
  if (doc.kind !== 'absence' || (name !== 'every' && name !== 'cron')) return [];
  return name === 'every'
    ? [{ label: say.bySchedule, answer: 'instead cron' }]
    : [{ label: say.byInterval, answer: 'instead every' }];
}

function optionsFor(field: KindField, draft: Draft, facts: Facts): Option[] {
  const seen = topicsUnder(facts, draft.doc.topic ?? '**');
  const { params = {} } = draft.doc;
  switch (field.input as string) {
    case 'field': {
      const texts = field.name === 'distinct';
      const fields = usableFields(seen).filter(([, { type }]) => texts || type === 'number');
      const ordered = texts ? fields.toSorted(([, a], [, b]) => rank(a.type) - rank(b.type)) : fields;
      const found = ordered.length > 0 ? ordered : usableFields(seen);
      return found.slice(0, 10).map(([name, { last }]) => ({
        label: say.fieldLabel(name, asText(last) ?? ''),
        answer: `value ${name}`,
      }));
    }
    case 'duration':
      return spansFor(field.name).map((text) => ({
        label: sayDuration(parseDuration(text) ?? 0),
        answer: `value ${text}`,
      }));
    case 'operator':
    case 'choice':
      return field.choices.map((choice) => ({ label: say.choice(choice), answer: `value ${choice}` }));
    case 'list': {
      const values = seenValues(seen, String(params.field ?? ''));
      const other = field.name === 'to' ? [params.from].flat() : [];
      return [
        { label: say.anything(field.name), answer: 'skip' },
        ...values
          .filter((value) => !other.includes(value))
          .slice(0, 8)
          .map((value) => ({ label: value, answer: `value ${value}` })),
      ];
    }
    case 'cron':
      return say.schedules.map(([label, line]) => ({ label, answer: `value ${line}` }));
    case 'zone':
      return [{ label: facts.zone, answer: `value ${facts.zone}` }];
    default:
      return [];
  }
}

const rank = (type: string) => (type === 'text' ? 0 : type === 'truth' ? 1 : 2);

function spansFor(name: string): string[] {
  if (name === 'grace') return ['1m', '5m', '15m', '30m', '1h'];
  if (name === 'within') return ['10m', '30m', '1h', '6h', '1d'];
  return ['2m', '5m', '15m', '1h', '6h', '1d'];
}

function read(draft: Draft, given: Given, field: KindField): Answered {
  const pressed = after('value', given);
  const text = 'typed' in given ? given.typed.trim() : pressed;
  if (text === undefined) return { fault: usual.pressOne };
  if (field.input === 'duration') {
    const ms = parseDuration(/^\d+$/.test(text) ? `${text}m` : text);
    if (ms === undefined) return { fault: usual.noDuration(text) };
    return { draft: withParam(draft, field.name, printDuration(ms)) };
  }
  if (text === '') return { fault: usual.noValue() };
  const isList = field.input === 'list' && pressed === undefined;
  const values = isList ? text.split(/\s+or\s+|\s*,\s*/i).filter((one) => one !== '') : [text];
  return { draft: withParam(draft, field.name, values.length > 1 ? values : text) };
}

/** What the kind says of the new value; other parameters that no longer go with it are dropped. */
function settle(result: Answered, { name }: KindField, facts: Facts): Answered {
  if ('fault' in result || result.to !== undefined) return result;
  let { draft } = result;
  if (name === 'every' || name === 'cron')
    draft = withParam(draft, name === 'every' ? 'cron' : 'every', undefined);
  if (name === 'every') draft = withParam(draft, 'zone', undefined);
  for (let tries = 0; tries < 3; tries++) {
    const checked = facts.book.check(draft.doc.kind ?? '', draft.doc.params ?? {});
    if (checked.ok) return { draft };
    const own = checked.faults.find(({ path }) => path.split('.')[0] === name);
    if (own) return { fault: sentence(own.text) };
    const beside = checked.faults.find(({ path }) => path === 'clear' || path === 'critical');
    if (!beside || mainNumber[draft.doc.kind ?? ''] !== name) return { draft };
    draft = withParam(draft, beside.path, undefined);
  }
  return { draft };
}
