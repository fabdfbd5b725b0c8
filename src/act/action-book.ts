// The kinds of actions as operations and the chat see them.
import '#core/issue-words.ts';
import type { ActionBook } from '#operations/action-book.ts';
import { actions } from './actions/index.ts';

const find = (name: string) => actions.find((one) => one.name === name);

export const actionBook: ActionBook = {
  kinds: () => actions.map(({ name, title, example }) => ({ name, title, example })),
  check(kind, given) {
    const found = find(kind);
    if (!found) {
      const known = actions.map(({ name }) => name).join(', ');
      return { ok: false, faults: [{ path: 'kind', text: `there is no such kind; there are ${known}` }] };
    }
    const read = found.params.safeParse(given);
    if (read.success) return { ok: true, params: read.data };
    const faults = read.error.issues.map((issue) => ({
      path: ['params', ...issue.path].map(String).join('.'),
      text: issue.code === 'unrecognized_keys' ? `there is no ${issue.keys.join(', ')}` : issue.message,
    }));
    return { ok: false, faults };
  },
  plan(kind, params, wanted) {
    return find(kind)?.plan(params, wanted) ?? { ok: false, fault: `there is no kind “${kind}” here` };
  },
};
