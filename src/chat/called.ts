// What to call people where one of them is chosen: by name, and where several have the same, by what sets them apart.
import type { Person } from '#store/people.ts';
import { short } from './html.ts';

const most = 24;

/** The words for each, by id. */
export function calledApart(
  people: readonly Pick<Person, 'id' | 'name' | 'username' | 'telegramId'>[],
): Map<string, string> {
  const bearers = new Map<string, number>();
  for (const { name } of people) bearers.set(folded(name), (bearers.get(folded(name)) ?? 0) + 1);
  return new Map(
    people.map(({ id, name, username, telegramId }) => {
      if (bearers.get(folded(name)) === 1) return [id, name];
      return [id, `${short(name, most)} (${username ? `@${username}` : telegramId})`];
    }),
  );
}

function folded(name: string): string {
  return name.trim().toLowerCase();
}
