// The first questions: which topic, what about it, and the further ways to ask.
import { asText } from '#core/field.ts';
import { patternFault } from '#core/topic.ts';
import * as labels from '../locales/labels.ts';
import * as say from '../locales/wizard/topic.ts';
import * as usual from '../locales/wizard/usual.ts';
import { answered, type Draft, saying } from './draft.ts';
import { latestValues, topicsUnder, usableFields } from './facts.ts';
import { type Ask, after, inRows, is, look, type Option } from './question.ts';
import { type Offer, offersOf } from './topic-tree.ts';
import { waysOf } from './ways.ts';

const perPage = 8;

export const askTopic: Ask = {
  view(draft, facts) {
    if (draft.typing) return { text: say.typeTopic(), rows: [] };
    if (facts.topics.length === 0)
      return {
        text: say.nothingSeen(facts.curl, facts.mayGiveKeys === true),
        rows: [[{ label: say.lookAgain, answer: look }], [{ label: say.somethingElse, answer: 'type' }]],
      };
    const all = offersOf(facts.topics, draft.branch);
    const page = Math.min(draft.page ?? 0, Math.max(0, Math.ceil(all.length / perPage) - 1));
    const options = all.slice(page * perPage, (page + 1) * perPage).map(optionOf);
    const turns: Option[] = [];
    if (page > 0) turns.push({ label: labels.earlier, answer: `page ${page - 1}` });
    if ((page + 1) * perPage < all.length) turns.push({ label: labels.more, answer: `page ${page + 1}` });
    return {
      text: draft.branch === undefined ? say.whichTopic() : say.whichBelow(draft.branch),
      rows: [...inRows(options, 1), turns, [{ label: say.somethingElse, answer: 'type' }]],
    };
  },
  answer(draft, given) {
    if ('typed' in given) {
      const topic = given.typed.trim();
      const fault = patternFault(topic);
      return fault ? { fault: usual.noTopic(topic, fault) } : { draft: pickTopic(draft, topic) };
    }
    if (is('type', given)) return { draft: { ...draft, typing: true }, to: 'stay' };
    const page = after('page', given);
    if (page !== undefined) return { draft: { ...draft, page: Number(page) }, to: 'stay' };
    const branch = after('branch', given);
    if (branch !== undefined) return { draft: { ...draft, branch, page: 0 }, to: 'stay' };
    const topic = after('topic', given);
    return topic === undefined ? { draft, to: 'stay' } : { draft: pickTopic(draft, topic) };
  },
};

function optionOf({ pattern, topics, branch }: Offer): Option {
  const seen = topics.length === 1 ? topics[0] : undefined;
  const field = usableFields(seen)[0];
  const things = seen ? Object.keys(seen.subjects).length : 0;
  return {
    label: say.topicLabel(pattern, things, topics, field?.[1].last),
    answer: branch === undefined ? `topic ${pattern}` : `branch ${branch}`,
  };
}

/** Another topic has other fields: what was said about the old ones is asked anew. */
function pickTopic(draft: Draft, topic: string): Draft {
  if (draft.doc.topic === topic) return draft;
  if (draft.ruleId !== undefined) return saying(draft, { topic });
  const { whom, hours, doc, ...rest } = draft;
  const { severity, to, name } = doc;
  const kept = { ...(severity ? { severity } : {}), ...(to ? { to } : {}), ...(name ? { name } : {}) };
  return { ...rest, ...(whom ? { whom } : {}), asked: whom ? ['whom'] : [], doc: { topic, ...kept } };
}

export const askWhat: Ask = {
  view(draft, facts) {
    if (draft.typing) return { text: say.typeField(), rows: [] };
    const seen = topicsUnder(facts, draft.doc.topic ?? '**');
    const options = usableFields(seen)
      .slice(0, 10)
      .map(([name, field]): Option => {
        const [latest] = latestValues(seen, name);
        const last = asText(latest?.[1] ?? field.last) ?? '';
        return field.type === 'number'
          ? { label: say.numberField(name, field.min, field.max, last), answer: `number ${name}` }
          : { label: say.textField(name, last), answer: `text ${name}` };
      });
    return {
      text: say.whatAbout(seen?.count ?? 0),
      rows: [
        ...inRows(options, 1),
        [
          { label: say.everyEvent, answer: 'every' },
          { label: say.moreWays, answer: 'ways' },
        ],
        [{ label: say.otherField, answer: 'type' }],
      ],
    };
  },
  answer(draft, given, facts) {
    if ('typed' in given) {
      const name = given.typed.trim();
      if (!/^[\p{L}\p{N}_][\p{L}\p{N}_.\-/ ]{0,99}$/u.test(name)) return { fault: usual.noField(name) };
      const known = topicsUnder(facts, draft.doc.topic ?? '**')?.fields[name];
      return { draft: about(draft, known && known.type !== 'number' ? 'change' : 'threshold', name) };
    }
    if (is('type', given)) return { draft: { ...draft, typing: true }, to: 'stay' };
    if (is('ways', given)) return { draft, to: 'ways' };
    if (is('every', given)) return { draft: takeWay(draft, 'every', 'every') };
    const number = after('number', given);
    const name = number ?? after('text', given);
    if (name === undefined) return { draft, to: 'stay' };
    return { draft: about(draft, number === undefined ? 'change' : 'threshold', name) };
  },
};

/** What the way for this field asks first has its answer with it. */
function about(draft: Draft, kind: 'threshold' | 'change', field: string): Draft {
  const way = kind === 'threshold' ? 'limit' : 'change';
  const same = draft.doc.kind === kind && draft.doc.params?.field === field;
  return same ? draft : answered(saying(takeWay(draft, way, kind), { params: { field } }), 'p:field');
}

/** Another condition: what was said about the one before is forgotten. */
function takeWay(draft: Draft, way: string, kind: string): Draft {
  if (draft.way === way && draft.doc.kind === kind) return draft;
  const asked = draft.asked.filter((question) => ['topic', 'whom'].includes(question));
  const { hours: _hours, row: _row, ...rest } = draft;
  return saying({ ...rest, way, asked }, { kind, params: {}, bands: undefined, key: undefined });
}

export const askWays: Ask = {
  view(draft, facts) {
    const options = waysOf(facts.book)
      .filter(({ name }) => name !== 'every')
      .map(({ name, title }): Option => ({ label: title, answer: `way ${name}` }));
    return { text: say.whichWay(draft.doc.topic ?? '**'), rows: inRows(options, 1) };
  },
  answer(draft, given, facts) {
    const way = waysOf(facts.book).find(({ name }) => name === after('way', given));
    if (!way) return { fault: usual.pressOne };
    return { draft: answered(takeWay(draft, way.name, way.kind), 'what') };
  },
};
