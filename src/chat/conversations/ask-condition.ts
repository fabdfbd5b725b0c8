// The questions about the condition: the limit, the change from and to, and how long it must last.
import { parseDuration } from '#core/duration.ts';
import { asText, sayNumber } from '#core/field.ts';
import { roundLimits } from '#core/round-limits.ts';
import * as en from '../locales/en.ts';
import type { Draft } from './draft.ts';
import { type Facts, latestValues, topicsUnder } from './facts.ts';
import { type Ask, inRows, type Option } from './question.ts';

const longest = 366 * 86_400_000;

export const askLimit: Ask = {
  view(draft, facts) {
    const { op = '>', field = '' } = draft;
    if (draft.typing) return { text: en.typeLimit(field, op), rows: [] };
    const seen = topicsUnder(facts, draft.topic ?? '**');
    // The worst first: what is nearest to the limit is what people look for.
    const values = latestValues(seen, field).sort(
      ([, a], [, b]) => (Number(b) - Number(a)) * (op === '>' ? 1 : -1),
    );
    const range = rangeOf(facts, draft);
    const limits = range ? roundLimits(field, range, op) : [];
    const options = limits.map((limit): Option => ({ label: sayNumber(limit), answer: `limit ${limit}` }));
    options.push({ label: en.other, answer: 'type' });
    const turned = op === '>' ? en.belowInstead : en.aboveInstead;
    return {
      text: en.whichLimit(field, op, range, values),
      rows: [...inRows(options, 4), [{ label: turned, answer: 'turn' }]],
    };
  },
  answer(draft, given) {
    if ('pressed' in given) {
      if (given.pressed === 'type') return { draft: { ...draft, typing: true } };
      if (given.pressed === 'turn') return { draft: { ...draft, op: draft.op === '<' ? '>' : '<' } };
      return {
        draft: { ...draft, op: draft.op ?? '>', limit: Number(given.pressed.slice(6)), typing: false },
      };
    }
    const text = given.typed
      .trim()
      .replace(/\s*%$/, '')
      .replace(/^(\d+),(\d+)$/, '$1.$2');
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) || !Number.isFinite(Number(text)))
      return { fault: en.noNumber(given.typed) };
    return { draft: { ...draft, op: draft.op ?? '>', limit: Number(text), typing: false } };
  },
};

function rangeOf(facts: Facts, draft: Draft): { last: number; min: number; max: number } | undefined {
  const seen = topicsUnder(facts, draft.topic ?? '**')?.fields[draft.field ?? ''];
  if (seen?.type !== 'number') return undefined;
  const last = Number(seen.last);
  return { last, min: seen.min ?? last, max: seen.max ?? last };
}

function askSide(side: 'from' | 'to'): Ask {
  return {
    view(draft, facts) {
      const field = draft.field ?? '';
      if (draft.typing) return { text: en.typeValue(side, field), rows: [] };
      const seen = topicsUnder(facts, draft.topic ?? '**');
      const values = [
        ...new Set([
          ...latestValues(seen, field).map(([, value]) => asText(value) ?? ''),
          ...(seen?.fields[field]?.values ?? []),
        ]),
      ].filter((value) => value !== '' && value.length <= 256 && (side === 'from' || value !== draft.from));
      const options = values.slice(0, 8).map((value): Option => ({ label: value, answer: `value ${value}` }));
      return {
        text: en.whichChange(side, field, draft.from),
        rows: [
          [{ label: en.anything(side), answer: 'any' }],
          ...inRows(options, 2),
          [{ label: en.other, answer: 'type' }],
        ],
      };
    },
    answer(draft, given) {
      if ('pressed' in given) {
        if (given.pressed === 'type') return { draft: { ...draft, typing: true } };
        return {
          draft: { ...draft, [side]: given.pressed === 'any' ? null : given.pressed.slice(6), typing: false },
        };
      }
      const value = given.typed.trim();
      if (value === '' || value.length > 256) return { fault: en.noValue() };
      return { draft: { ...draft, [side]: value, typing: false } };
    },
  };
}

export const askFrom = askSide('from');
export const askTo = askSide('to');

const spans = [0, 60_000, 5 * 60_000, 15 * 60_000, 3_600_000];

export const askWait: Ask = {
  view: (draft) => {
    if (draft.typing) return { text: en.typeWait(), rows: [] };
    const options = spans.map((ms): Option => ({ label: en.span(ms), answer: `wait ${ms}` }));
    return { text: en.howLong(), rows: inRows([...options, { label: en.other, answer: 'type' }], 3) };
  },
  answer(draft, given) {
    if ('pressed' in given) {
      if (given.pressed === 'type') return { draft: { ...draft, typing: true } };
      return { draft: { ...draft, forMs: Number(given.pressed.slice(5)), typing: false } };
    }
    const typed = given.typed.trim();
    const forMs = typed === '0' ? 0 : parseDuration(/^\d+$/.test(typed) ? `${typed}m` : typed);
    if (forMs === undefined || forMs > longest) return { fault: en.noDuration(given.typed) };
    return { draft: { ...draft, forMs, typing: false } };
  },
};
