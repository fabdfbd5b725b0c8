// Import lists: those of a file of rules, so that its rules find the `$me.` lists that they ask for.
import { z } from 'zod';
import type { Actor } from '#core/actor.ts';
import type { Refusal } from '#core/outcome.ts';
import { findList } from '#store/lists.ts';
import type { FileFault, Written } from './document-text.ts';
import { setList } from './set-list.ts';
import type { World } from './world.ts';

const listDocument = z.strictObject({
  list: z.string().max(60),
  items: z.array(z.union([z.string(), z.number()]).transform(String)).max(1_000),
});

/** `{list: blocks, items: [gc_t, dq_b]}` in a file is a list, anything else a rule. */
export function isList({ document }: Written): boolean {
  return document !== null && typeof document === 'object' && 'list' in document && !('kind' in document);
}

export interface ListsImported {
  created: number;
  changed: number;
  unchanged: number;
  faults: FileFault[];
}

/** One after another; a list that is as it stands there is left alone. `onlyLook`: says what would become of them. */
export async function importLists(
  world: World,
  actor: Actor,
  { lists, ownerId, onlyLook }: { lists: Written[]; ownerId: string; onlyLook?: true },
  now: number,
): Promise<({ ok: true } & ListsImported) | Refusal> {
  const done: ListsImported = { created: 0, changed: 0, unchanged: 0, faults: [] };
  const fault = ({ path, line }: Written, text: string) =>
    void done.faults.push({ path, text, ...(line === undefined ? {} : { line }) });
  for (const written of lists) {
    const read = listDocument.safeParse(written.document);
    if (!read.success) {
      fault(written, 'a list is like {list: blocks, items: [gc_t, dq_b]}');
      continue;
    }
    const { list: name, items } = read.data;
    const before = await findList(world.database.db, ownerId, name);
    if (before?.items.join('\n') === items.join('\n')) {
      done.unchanged++;
      continue;
    }
    if (!onlyLook) {
      const set = await setList(world, actor, { ownerId, name, items }, now);
      if (!set.ok && set.code === 'forbidden') return set;
      if (!set.ok) {
        fault(written, set.text);
        continue;
      }
    }
    if (before) done.changed++;
    else done.created++;
  }
  return { ok: true, ...done };
}
