// The wizard as a pure machine: which screen a draft shows, and what an answer makes of it.

import { lines } from '../html.ts';
import * as en from '../locales/en.ts';
import { askFrom, askLimit, askTo, askWait } from './ask-condition.ts';
import { askPreview, askSeverity, askWhom } from './ask-rest.ts';
import { askTopic, askWhat } from './ask-topic.ts';
import { type Draft, type Question, wayOf } from './draft.ts';
import type { Facts } from './facts.ts';
import type { Ask, Given, View } from './question.ts';

const asks: Record<Question, Ask> = {
  topic: askTopic,
  what: askWhat,
  limit: askLimit,
  from: askFrom,
  to: askTo,
  wait: askWait,
  severity: askSeverity,
  whom: askWhom,
  preview: askPreview,
};

/** What becomes of an answer: the next draft, the end, or the same screen with a sentence about what was wrong. */
export type Next =
  | { is: 'ask'; draft: Draft }
  | { is: 'fault'; text: string }
  | { is: 'save' }
  | { is: 'cancel' };

/** The screen of a draft: the answers given so far, the question, its options, and the way back. */
export function viewOf(draft: Draft, facts: Facts): View {
  const { text, rows } = asks[draft.at].view(draft, facts);
  const isFirst = draft.at === 'topic' && !draft.typing;
  const way = [
    ...(isFirst ? [] : [{ label: en.back, answer: 'back' }]),
    { label: en.cancel, answer: 'cancel' },
  ];
  const given = draft.at === 'preview' ? undefined : en.answersSoFar(draft, facts.sentence);
  return { text: lines(given, text), rows: [...rows, way].filter((row) => row.length > 0) };
}

/** Takes one answer. */
export function takeAnswer(draft: Draft, given: Given, facts: Facts): Next {
  const inGroup = facts.group !== undefined;
  if ('pressed' in given) {
    if (given.pressed === 'cancel') return { is: 'cancel' };
    if (given.pressed === 'back') return { is: 'ask', draft: goBack(draft, inGroup) };
    if (draft.at === 'preview' && given.pressed === 'save') return { is: 'save' };
  }
  const answered = asks[draft.at].answer(draft, given, facts);
  if ('fault' in answered) return { is: 'fault', text: answered.fault };
  const after = answered.draft;
  const moved = after.at !== draft.at;
  if (moved || stays(draft, after, given)) return { is: 'ask', draft: after };
  return { is: 'ask', draft: goOn(after, inGroup) };
}

/** Some presses only change what the question itself shows. */
function stays(before: Draft, after: Draft, given: Given): boolean {
  if (after.typing && !before.typing) return true;
  if (before.at === 'preview') return true;
  return 'pressed' in given && /^(turn|look|page \d+)$/.test(given.pressed);
}

function goOn(draft: Draft, inGroup: boolean): Draft {
  const way = wayOf(draft, inGroup);
  const { changing, ...rest } = draft;
  // A changed answer goes straight back to the preview, unless it opened questions that have no answer yet.
  const open = way.find((question) => question !== 'preview' && !isAnswered(rest, question));
  if (changing) return { ...rest, at: open ?? 'preview', typing: false };
  return { ...rest, at: way[way.indexOf(draft.at) + 1] ?? 'preview', typing: false };
}

function goBack(draft: Draft, inGroup: boolean): Draft {
  if (draft.typing) return { ...draft, typing: false };
  const { changing, ...rest } = draft;
  if (changing) return { ...rest, at: 'preview' };
  const way = wayOf(draft, inGroup);
  return { ...rest, at: way[Math.max(0, way.indexOf(draft.at) - 1)]! };
}

function isAnswered(draft: Draft, question: Question): boolean {
  switch (question) {
    case 'topic':
      return draft.topic !== undefined;
    case 'what':
      return draft.kind !== undefined;
    case 'wait':
      return draft.forMs !== undefined;
    case 'preview':
      return true;
    default:
      return draft[question] !== undefined;
  }
}
