// Where it is told: receivers pressed on and off, for the whole rule, for the other hours, or for one row of hours.
import * as say from '../locales/wizard/rest.ts';
import * as usual from '../locales/wizard/usual.ts';
import { rowOf, withRow } from './ask-hours.ts';
import { type Draft, saying } from './draft.ts';
import { type Ask, after, inRows, is, type Option } from './question.ts';

/** `null`: nothing was chosen, so it is as usual. */
function askWhere(
  text: (draft: Draft) => ReturnType<typeof say.whereTold>,
  read: (draft: Draft) => string[] | undefined,
  write: (draft: Draft, to: string[] | undefined) => Draft,
  leads?: string,
): Ask {
  const onward = leads === undefined ? {} : { to: leads };
  return {
    view(draft, facts) {
      const chosen = read(draft);
      const options = (facts.receivers ?? []).slice(0, 12).map(
        ({ id, label }): Option => ({
          label: chosen?.includes(id) ? usual.chosen(label) : label,
          answer: `at ${id}`,
        }),
      );
      return {
        text: text(draft),
        rows: [
          ...inRows(options, 2),
          [
            { label: chosen === undefined ? say.sameAsAlways : say.everywhere, answer: 'usual' },
            ...(chosen === undefined ? [] : [{ label: usual.done, answer: 'done' }]),
          ],
        ],
      };
    },
    answer(draft, given, facts) {
      if (is('usual', given)) return { draft: write(draft, undefined), ...onward };
      if (is('done', given)) return { draft, ...onward };
      const id = after('at', given);
      if (id === undefined || !facts.receivers?.some((one) => one.id === id))
        return { fault: usual.pressOne };
      const before = read(draft) ?? [];
      const to = before.includes(id) ? before.filter((one) => one !== id) : [...before, id];
      return { draft: write(draft, to.length === 0 ? undefined : to), to: 'stay' };
    },
  };
}

export const askTold = askWhere(
  () => say.whereTold(),
  ({ doc }) => doc.to,
  (draft, to) => saying(draft, { to }),
);

export const askThere = askWhere(
  () => say.whereThen(),
  ({ doc }) => doc.bands?.find(({ when }) => when === 'otherwise')?.to,
  (draft, to) =>
    saying(draft, {
      bands: (draft.doc.bands ?? []).map(({ to: old, ...band }) =>
        band.when === 'otherwise'
          ? { ...band, ...(to ? { to } : {}) }
          : { ...band, ...(old ? { to: old } : {}) },
      ),
    }),
);

export const askRowTold = askWhere(
  (draft) => say.whereInRow(rowOf(draft)?.when ?? ''),
  (draft) => rowOf(draft)?.to,
  (draft, to) => {
    const { to: _old, ...band } = rowOf(draft) ?? { when: 'otherwise' };
    return withRow(draft, to ? { ...band, to } : band);
  },
  'row',
);
