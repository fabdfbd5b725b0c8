// The wizard as a pure machine: which screen a draft shows, and what an answer makes of it.
import { sentence } from '#core/sentence.ts';
import { lines } from '../html.ts';
import * as labels from '../locales/labels.ts';
import * as say from '../locales/wizard/preview.ts';
import { askHours, askNight, askNightHours, askRow, askRowLimit, askRowWhen } from './ask-hours.ts';
import { askKey, askOnly, askOnlyValues } from './ask-only.ts';
import { askParam } from './ask-param.ts';
import { askChange, askEvents, askPreview, changesOf } from './ask-preview.ts';
import {
  askEmit,
  askKeep,
  askName,
  askRowSeverity,
  askSeverity,
  askUnless,
  askVerify,
  askWait,
  askWhom,
} from './ask-rest.ts';
import { askTopic, askWays, askWhat } from './ask-topic.ts';
import { askRowTold, askThere, askTold } from './ask-where.ts';
import { answered, type Draft, goBack, goTo } from './draft.ts';
import type { Facts } from './facts.ts';
import type { Ask, Given, View } from './question.ts';
import { questionsOf } from './ways.ts';

const asks: Record<string, Ask> = {
  topic: askTopic,
  what: askWhat,
  ways: askWays,
  only: askOnly,
  'only-values': askOnlyValues,
  key: askKey,
  night: askNight,
  'night-hours': askNightHours,
  there: askThere,
  hours: askHours,
  row: askRow,
  'row-when': askRowWhen,
  'row-limit': askRowLimit,
  'row-to': askRowTold,
  'row-severity': askRowSeverity,
  for: askWait,
  keep: askKeep,
  severity: askSeverity,
  told: askTold,
  name: askName,
  emit: askEmit,
  unless: askUnless,
  verify: askVerify,
  whom: askWhom,
  preview: askPreview,
  events: askEvents,
  change: askChange,
};

const askOf = (at: string): Ask => (at.startsWith('p:') ? askParam(at.slice(2)) : (asks[at] ?? askPreview));

/** What becomes of an answer: the next draft, the end, or the same screen with a sentence about what was wrong. */
export type Next =
  | { is: 'ask'; draft: Draft }
  | { is: 'fault'; text: string }
  | { is: 'save' }
  /** Back from the first screen of an edit: to the rule. */
  | { is: 'leave' }
  | { is: 'cancel' };

/** The screen of a draft: the answers given so far, the question, its options, and the way back. */
export function viewOf(draft: Draft, facts: Facts): View {
  const { text, rows } = askOf(draft.at).view(draft, facts);
  const way = [
    ...(isFirst(draft) ? [] : [{ label: labels.back, answer: 'back' }]),
    { label: labels.cancel, answer: 'cancel' },
  ];
  const whole = ['preview', 'events', 'change'].includes(draft.at);
  const given = whole ? undefined : say.answersSoFar(draft, facts);
  return { text: lines(given, text), rows: [...rows, way].filter((row) => row.length > 0) };
}

function isFirst(draft: Draft): boolean {
  return (
    draft.trail.length === 0 && !draft.typing && draft.branch === undefined && draft.ruleId === undefined
  );
}

/** Takes one answer. */
export function takeAnswer(draft: Draft, given: Given, facts: Facts): Next {
  if ('pressed' in given) {
    if (given.pressed === 'cancel') return { is: 'cancel' };
    if (given.pressed === 'back') {
      const atStart = draft.trail.length === 0 && !draft.typing && draft.branch === undefined;
      return atStart && draft.ruleId !== undefined ? { is: 'leave' } : { is: 'ask', draft: goBack(draft) };
    }
    if (draft.at === 'preview' && given.pressed === 'save') return save(draft, facts);
  }
  const result = askOf(draft.at).answer(draft, given, facts);
  if ('fault' in result) return { is: 'fault', text: result.fault };
  const { draft: after, to } = result;
  if (to === 'stay') return { is: 'ask', draft: after };
  if (to !== undefined) return { is: 'ask', draft: goTo(after, to) };
  return { is: 'ask', draft: goOn(answered(after, draft.at), facts) };
}

/** What is only half said, after Back, is asked first. */
function save(draft: Draft, facts: Facts): Next {
  const { kind = '', params = {} } = draft.doc;
  const open = goOn(draft, facts);
  if (open.at !== 'preview') return { is: 'ask', draft: open };
  const checked = facts.book.check(kind, params);
  if (!checked.ok) return { is: 'fault', text: sentence(checked.faults[0]?.text ?? '') };
  const isSame = draft.ruleId !== undefined && changesOf(draft, facts).length === 0;
  return isSame ? { is: 'fault', text: say.nothingChanged } : { is: 'save' };
}

/** To the next question; a changed answer goes back to the preview, unless it opened some that have no answer yet. */
function goOn(draft: Draft, facts: Facts): Draft {
  const decided = draft.trail.includes('preview') || draft.ruleId !== undefined;
  // Hours have a screen of their own once the rule stands.
  const settled = decided ? ['preview', 'night', 'there'] : ['preview'];
  const open = questionsOf(draft, facts).find(
    (question) => !settled.includes(question) && !draft.asked.includes(question),
  );
  return goTo(draft, open ?? 'preview');
}
