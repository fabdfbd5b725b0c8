// Screens about the people who use this Tocsin.
import { peopleHere } from '#store/people.ts';
import { calledApart } from './called.ts';
import type { ChatContext } from './context.ts';
import * as say from './locales/members.ts';
import type { Choice, Screen } from './screen.ts';

const most = 50;

/** Everybody, each with a button. */
export async function membersScreen(ctx: ChatContext): Promise<Screen> {
  const people = await peopleHere(ctx.deps.world.database.db);
  const called = calledApart(people);
  const rows = people
    .slice(0, most)
    .map(({ id, role }): Choice[] => [
      { label: say.memberLabel(called.get(id)!, role), action: 'member-remove', payload: id },
    ]);
  return { text: say.membersTitle(people.length), rows };
}
