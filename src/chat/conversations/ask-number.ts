// A number asked for: what was seen of its field, the worst first, round limits as buttons, and above or below.
import { sayNumber } from '#core/field.ts';
import { comparesVersions } from '#core/version.ts';
import { isGrouped } from '#core/watch-numbers.ts';
import type { KindField } from '#operations/kind-book.ts';
import * as labels from '../locales/labels.ts';
import * as say from '../locales/wizard/params.ts';
import * as usual from '../locales/wizard/usual.ts';
import { type Draft, withParam } from './draft.ts';
import { type Facts, latestValues, rangeOf, topicsUnder } from './facts.ts';
import { numbersFor } from './limits.ts';
import { type Answered, after, type Given, inRows, is, type View } from './question.ts';

/** A number as people type it: `90`, `97,5 %`, `1e9`; undefined for anything else. */
export function readTyped(typed: string): number | undefined {
  const text = typed
    .trim()
    .replace(/\s*%$/, '')
    .replace(/^([+-]?\d+),(\d+)$/, '$1.$2');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text)) return undefined;
  return Number.isFinite(Number(text)) ? Number(text) : undefined;
}

/** Whether more is worse, as the draft has it. */
export function isAbove({ doc }: Draft): boolean {
  const { op = '>', side } = doc.params ?? {};
  return doc.kind === 'ratio' ? side === 'above' : String(op).startsWith('>');
}

export const askNumber = {
  view(draft: Draft, facts: Facts, field: KindField): View {
    const above = isAbove(draft);
    const { params = {} } = draft.doc;
    const about = String(params.field ?? '');
    if (draft.typing) return { text: say.typeNumber(field, draft.doc, above), rows: [] };
    const seen = topicsUnder(facts, draft.doc.topic ?? '**');
    const range = rangeOf(seen, about);
    const isLimit = field.name === 'limit' || field.name === 'bar';
    // The worst first: what is nearest to the limit is what people look for.
    const values = latestValues(seen, about)
      .filter(([, value]) => typeof value === 'number')
      .sort(([, a], [, b]) => (Number(b) - Number(a)) * (above ? 1 : -1));
    const limit = typeof params.limit === 'number' ? params.limit : undefined;
    const numbers = numbersFor(field.name, {
      above,
      field: about,
      ...(limit === undefined ? {} : { limit }),
      ...(range ? { range } : {}),
    });
    const options = numbers.map((number) => ({ label: sayNumber(number), answer: `number ${number}` }));
    const rows = inRows([...options, { label: labels.other, answer: 'type' }], 4);
    if (isLimit) rows.push([{ label: above ? say.belowInstead : say.aboveInstead, answer: 'turn' }]);
    return {
      text: say.whichNumber(
        field,
        draft.doc,
        above,
        isLimit || field.name === 'by' ? range : undefined,
        values,
      ),
      rows,
    };
  },
  answer(draft: Draft, given: Given, field: KindField): Answered {
    const above = isAbove(draft);
    if (is('turn', given)) return { draft: turned(draft, above ? '<' : '>'), to: 'stay' };
    const isVersioned =
      'typed' in given &&
      !isGrouped(given.typed.trim()) &&
      comparesVersions(String(draft.doc.params?.field), given.typed.trim());
    if (isVersioned && draft.doc.kind === 'threshold')
      return { draft: withParam(draft, field.name, given.typed.trim()) };
    const pressed = after('number', given);
    const number = 'typed' in given ? readTyped(given.typed) : Number(pressed);
    if (number === undefined) return { fault: usual.noNumber('typed' in given ? given.typed : '') };
    if (!Number.isFinite(number)) return { fault: usual.pressOne };
    const isLimit = field.name === 'limit' || field.name === 'bar';
    return { draft: withParam(isLimit ? turned(draft, above ? '>' : '<') : draft, field.name, number) };
  },
};

function turned(draft: Draft, op: '>' | '<'): Draft {
  const { params = {}, kind } = draft.doc;
  if (kind === 'ratio') return withParam(draft, 'side', op === '>' ? 'above' : 'below');
  if (kind !== 'threshold') return draft;
  // “At least” stays what it is while its side does.
  return String(params.op ?? '').startsWith(op) ? draft : withParam(draft, 'op', op);
}
