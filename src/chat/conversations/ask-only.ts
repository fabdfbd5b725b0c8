// Which events count: conditions put together by pressing a field and its values, or typed.
import { type Condition, fieldsOf, parseCondition, printCondition } from '#core/condition.ts';
import type { Matcher } from '#core/matcher.ts';
import { sentence } from '#core/sentence.ts';
import * as labels from '../locales/labels.ts';
import * as say from '../locales/wizard/only.ts';
import * as usual from '../locales/wizard/usual.ts';
import { type Draft, saying } from './draft.ts';
import { type Facts, seenValues, topicsUnder, usableFields } from './facts.ts';
import { type Ask, after, inRows, is, type Option } from './question.ts';

const mostConditions = 20;

/** The list of conditions, and the fields that a further one can be about. */
export const askOnly: Ask = {
  view(draft, facts) {
    const { match = [] } = draft.doc;
    if (draft.typing) return { text: say.typeCondition(), rows: [] };
    const fields = namesFor(draft, facts);
    const options = fields.map((name): Option => ({ label: name, answer: `field ${name}` }));
    const away = match.map((text, i): Option => ({ label: say.without(text), answer: `away ${i}` }));
    return {
      text: say.onlyWhich(match),
      rows: [
        ...inRows(options, 3),
        ...inRows(away.slice(0, 5), 1),
        [
          { label: say.typeIt, answer: 'type' },
          { label: match.length === 0 ? say.allOfThem : usual.done, answer: 'done' },
        ],
      ],
    };
  },
  answer(draft, given) {
    const { match = [] } = draft.doc;
    if (is('type', given)) return { draft: { ...draft, typing: true }, to: 'stay' };
    if (is('done', given)) return { draft };
    const away = after('away', given);
    if (away !== undefined)
      return {
        draft: withMatch(
          draft,
          match.filter((_, i) => i !== Number(away)),
        ),
        to: 'stay',
      };
    const field = after('field', given);
    if (field !== undefined)
      return { draft: { ...draft, pick: { field, not: false, values: [] } }, to: 'only-values' };
    if ('pressed' in given) return { fault: usual.pressOne };
    if (match.length >= mostConditions) return { fault: say.tooManyConditions };
    const read = parseCondition(given.typed);
    if (!read.ok) return { fault: sentence(read.fault) };
    return {
      draft: { ...withMatch(draft, [...match, printCondition(read.condition)]), typing: false },
      to: 'stay',
    };
  },
};

/** The values of one field that count, or do not; also a list of one's own. */
export const askOnlyValues: Ask = {
  view(draft, facts) {
    const { field = '', not = false, values = [] } = draft.pick ?? {};
    const seen = seenValues(topicsUnder(facts, draft.doc.topic ?? '**'), field);
    const offered = [...new Set([...values, ...seen])].slice(0, 8);
    const options = offered.map(
      (value, i): Option => ({
        label: values.includes(value) ? usual.chosen(value) : value,
        answer: `value ${i}`,
      }),
    );
    const lists = (facts.lists ?? []).slice(0, 4).map(
      (name): Option => ({
        label: say.inList(name, not),
        answer: `list ${name}`,
      }),
    );
    return {
      text: say.onlyValues(field, not, values),
      rows: [
        ...inRows(options, 2),
        ...inRows(lists, 2),
        [
          { label: not ? say.isOneOf : say.isNoneOf, answer: 'not' },
          ...(values.length > 0 ? [{ label: usual.done, answer: 'done' }] : []),
        ],
      ],
    };
  },
  answer(draft, given, facts) {
    const { pick } = draft;
    if (!pick) return { draft, to: 'only' };
    const { field, not, values } = pick;
    const { match = [] } = draft.doc;
    const add = (condition: Condition) => ({
      draft: withMatch(draft, [...new Set([...match, printCondition(condition)])].slice(0, mostConditions)),
      to: 'only' as const,
    });
    if (is('not', given)) return { draft: { ...draft, pick: { ...pick, not: !not } }, to: 'stay' };
    if (is('done', given))
      return values.length === 0 ? { draft, to: 'only' } : add(conditionOf(field, not, values));
    const list = after('list', given);
    if (list !== undefined) return add({ field, op: not ? 'not in' : 'in', list });
    const at = after('value', given);
    const seen = seenValues(topicsUnder(facts, draft.doc.topic ?? '**'), field);
    const value = at === undefined ? undefined : [...new Set([...values, ...seen])][Number(at)];
    const typed = 'typed' in given ? given.typed.trim() : value;
    if (typed === undefined) return { fault: usual.pressOne };
    // “> 90” compares; anything else is a value.
    const compared = /^(>=|<=|>|<)\s*(\S+)$/.exec(typed);
    if ('typed' in given && compared) {
      const read = parseCondition(`${field} ${compared[1]} ${compared[2]}`);
      return read.ok ? add(read.condition) : { fault: sentence(read.fault) };
    }
    if (typed === '' || typed.length > 256) return { fault: usual.noValue() };
    const chosen = values.includes(typed) ? values.filter((one) => one !== typed) : [...values, typed];
    return { draft: { ...draft, pick: { ...pick, values: chosen.slice(0, 20) } }, to: 'stay' };
  },
};

function conditionOf(field: string, not: boolean, values: string[]): Condition {
  const [first = '', ...more] = values;
  const is = (value: string): Matcher => ({ field, op: '=', value });
  if (more.length === 0) return { field, op: not ? '!=' : '=', value: first };
  return not ? { not: { any: values.map(is) } } : { any: values.map(is) };
}

function withMatch(draft: Draft, match: string[]): Draft {
  const { pick: _pick, ...rest } = draft;
  return saying(rest, { match: match.length === 0 ? undefined : match });
}

/** Texts first, since numbers are rarely what sets some apart; what is asked already comes last. */
function namesFor(draft: Draft, facts: Facts): string[] {
  const seen = topicsUnder(facts, draft.doc.topic ?? '**');
  const fields = usableFields(seen).filter(([name]) => /^[A-Za-z_][\w.-]{0,99}$/.test(name));
  const texts = fields.filter(([, { type }]) => type !== 'number').map(([name]) => name);
  const numbers = fields.filter(([, { type }]) => type === 'number').map(([name]) => name);
  const read = (draft.doc.match ?? []).flatMap((text) => {
    const found = parseCondition(text);
    return found.ok ? fieldsOf([found.condition]) : [];
  });
  const all = [...new Set([...texts, 'subject', ...numbers])];
  return [...all.filter((name) => !read.includes(name)), ...all.filter((name) => read.includes(name))].slice(
    0,
    9,
  );
}

/** What separates one alert from another, or what is counted together. */
export const askKey: Ask = {
  view(draft, facts) {
    if (draft.typing) return { text: say.typeKey(), rows: [] };
    const counts = draft.doc.kind === 'count';
    const options = keysFor(draft, facts).map(
      (name): Option => ({ label: say.each(name), answer: `key ${name}` }),
    );
    return {
      text: say.whichKey(counts),
      rows: [
        [{ label: counts ? say.allTogether : say.eachThing, answer: counts ? 'all' : 'usual' }],
        ...inRows(options, 2),
        [
          { label: counts ? say.eachThing : say.allTogether, answer: counts ? 'usual' : 'all' },
          { label: labels.other, answer: 'type' },
        ],
      ],
    };
  },
  answer(draft, given) {
    if (is('type', given)) return { draft: { ...draft, typing: true }, to: 'stay' };
    if (is('usual', given)) return { draft: saying(draft, { key: undefined }) };
    if (is('all', given)) return { draft: saying(draft, { key: [] }) };
    const pressed = after('key', given);
    if (pressed !== undefined) return { draft: saying(draft, { key: [pressed] }) };
    if ('pressed' in given) return { fault: usual.pressOne };
    const key = given.typed
      .split(/\s*,\s*|\s+and\s+/)
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const bad = key.find((name) => !/^[\p{L}\p{N}_][\p{L}\p{N}_.\-/ ]{0,99}$/u.test(name));
    if (key.length === 0 || key.length > 8 || bad !== undefined)
      return { fault: usual.noField(bad ?? given.typed) };
    return { draft: saying(draft, { key }) };
  },
};

/** What names a run or a job first: those are what people count in. */
function keysFor(draft: Draft, facts: Facts): string[] {
  const { params = {} } = draft.doc;
  const names = usableFields(topicsUnder(facts, draft.doc.topic ?? '**'))
    .filter(([name, { type }]) => type !== 'truth' && name !== params.distinct && name !== params.field)
    .map(([name, { type }]) => ({ name, isText: type === 'text' }));
  const rank = ({ name, isText }: { name: string; isText: boolean }) =>
    (/run|tag|seq|batch|job|build|project|host/i.test(name) ? 0 : 2) + (isText ? 0 : 1);
  return names
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ name }) => name)
    .slice(0, 6);
}
