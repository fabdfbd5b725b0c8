// The first two questions: which topic, and what about it.
import { asText } from '#core/field.ts';
import { patternFault } from '#core/topic.ts';
import * as en from '../locales/en.ts';
import { latestValues, topicOffers, topicsUnder, usableFields } from './facts.ts';
import { type Ask, inRows, type Option } from './question.ts';

const perPage = 8;

export const askTopic: Ask = {
  view(draft, facts) {
    if (draft.typing) return { text: en.typeTopic(), rows: [] };
    if (facts.topics.length === 0)
      return {
        text: en.nothingSeen(facts.curl),
        rows: [[{ label: en.lookAgain, answer: 'look' }], [{ label: en.somethingElse, answer: 'type' }]],
      };
    const all = topicOffers(facts);
    const page = Math.min(draft.page ?? 0, Math.max(0, Math.ceil(all.length / perPage) - 1));
    const offers = all.slice(page * perPage, (page + 1) * perPage);
    const options = offers.map(({ pattern, topics }): Option => {
      const seen = topics.length === 1 ? topics[0] : undefined;
      const field = usableFields(seen)[0];
      return {
        label: en.topicLabel(pattern, seen ? Object.keys(seen.subjects).length : 0, topics, field?.[1].last),
        answer: `topic ${pattern}`,
      };
    });
    const turns: Option[] = [];
    if (page > 0) turns.push({ label: en.earlier, answer: `page ${page - 1}` });
    if ((page + 1) * perPage < all.length) turns.push({ label: en.more, answer: `page ${page + 1}` });
    return {
      text: en.whichTopic(),
      rows: [...inRows(options, 1), turns, [{ label: en.somethingElse, answer: 'type' }]],
    };
  },
  answer(draft, given) {
    if ('typed' in given) {
      const topic = given.typed.trim();
      const fault = patternFault(topic);
      return fault ? { fault: en.noTopic(topic, fault) } : { draft: pick(draft, topic) };
    }
    if (given.pressed === 'type') return { draft: { ...draft, typing: true } };
    if (given.pressed === 'look') return { draft };
    if (given.pressed.startsWith('page '))
      return { draft: { ...draft, page: Number(given.pressed.slice(5)) } };
    return { draft: pick(draft, given.pressed.slice(6)) };
  },
};

function pick(draft: Parameters<Ask['answer']>[0], topic: string) {
  const { field: _field, kind: _kind, limit: _limit, from: _from, to: _to, page: _page, ...rest } = draft;
  return { ...rest, topic, typing: false };
}

export const askWhat: Ask = {
  view(draft, facts) {
    if (draft.typing) return { text: en.typeField(), rows: [] };
    const seen = topicsUnder(facts, draft.topic ?? '**');
    const fields = usableFields(seen).slice(0, 10);
    const options = fields.map(([name, field]): Option => {
      const [latest] = latestValues(seen, name);
      const last = asText(latest?.[1] ?? field.last) ?? '';
      return field.type === 'number'
        ? { label: en.numberField(name, field.min, field.max, last), answer: `number ${name}` }
        : { label: en.textField(name, last), answer: `text ${name}` };
    });
    return {
      text: en.whatAbout(seen?.count ?? 0),
      rows: [
        ...inRows(options, 1),
        [{ label: en.everyEvent, answer: 'every' }],
        [{ label: en.otherField, answer: 'type' }],
      ],
    };
  },
  answer(draft, given, facts) {
    const { from: _from, to: _to, limit: _limit, op: _op, field: _field, ...rest } = draft;
    if ('typed' in given) {
      const name = given.typed.trim();
      if (!/^[\p{L}\p{N}_][\p{L}\p{N}_.\-/ ]{0,99}$/u.test(name)) return { fault: en.noField(name) };
      const known = topicsUnder(facts, draft.topic ?? '**')?.fields[name];
      const kind = known && known.type !== 'number' ? 'change' : 'threshold';
      return { draft: { ...rest, kind, field: name, typing: false } };
    }
    if (given.pressed === 'type') return { draft: { ...draft, typing: true } };
    if (given.pressed === 'every') return { draft: { ...rest, kind: 'every', typing: false } };
    const [is, ...name] = given.pressed.split(' ');
    return { draft: { ...rest, kind: is === 'number' ? 'threshold' : 'change', field: name.join(' ') } };
  },
};
