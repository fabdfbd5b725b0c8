// The last questions: how bad, for whom, and whether it is right so.
import { type Severity, severities } from '#core/severity.ts';
import * as en from '../locales/en.ts';
import { type Draft, type Question, wayOf } from './draft.ts';
import type { Facts } from './facts.ts';
import { type Ask, inRows, type Option } from './question.ts';

export const askSeverity: Ask = {
  view: () => ({
    text: en.howBad(),
    rows: [
      [...severities]
        .reverse()
        .map((severity): Option => ({ label: en.severityLabel(severity), answer: severity })),
      [{ label: en.asTheEventSays, answer: 'event' }],
    ],
  }),
  answer(draft, given) {
    if ('typed' in given) return { fault: en.pressOne };
    const severity = given.pressed === 'event' ? null : (given.pressed as Severity);
    return { draft: { ...draft, severity } };
  },
};

export const askWhom: Ask = {
  view: (_draft, facts) => ({
    text: en.forWhom(),
    rows: [
      [
        { label: en.thisGroup(facts.group ?? ''), answer: 'group' },
        { label: en.onlyMe, answer: 'me' },
      ],
    ],
  }),
  answer(draft, given) {
    if ('typed' in given) return { fault: en.pressOne };
    return { draft: { ...draft, whom: given.pressed === 'me' ? 'me' : 'group' } };
  },
};

export const askPreview: Ask = {
  view(draft, facts) {
    if (draft.changing) {
      const options = wayOf(draft, facts.group !== undefined)
        .filter((question): question is Exclude<Question, 'preview'> => question !== 'preview')
        .map((question): Option => ({ label: en.questionName(question), answer: `change ${question}` }));
      return { text: en.changeWhich(sentenceOf(draft, facts)), rows: inRows(options, 3) };
    }
    return {
      text: en.preview(sentenceOf(draft, facts)),
      rows: [
        [
          { label: en.save, answer: 'save' },
          { label: en.change, answer: 'change' },
        ],
      ],
    };
  },
  answer(draft, given) {
    if ('typed' in given) return { fault: en.pressOne };
    if (given.pressed === 'change') return { draft: { ...draft, changing: true } };
    if (given.pressed.startsWith('change '))
      return { draft: { ...draft, at: given.pressed.slice(7) as Question, changing: true } };
    return { draft };
  },
};

function sentenceOf(draft: Draft, facts: Facts) {
  return en.ruleSentence({
    topic: draft.topic ?? '**',
    does: facts.sentence,
    forMs: draft.forMs ?? 0,
    severity: draft.severity ?? null,
    told:
      draft.whom === 'group'
        ? en.toldGroup(facts.group ?? '')
        : facts.inGroup
          ? en.toldPrivately
          : en.toldYou,
  });
}
