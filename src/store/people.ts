// People who use Tocsin, and how an owner, person or group, wants to be told.
import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { isGroup, type Settings } from '#core/owner.ts';
import { among } from './among.ts';
import type { Reader } from './connection.ts';
import { groups, people } from './schema/people.ts';

/** A person. `zone` null: they have not said; `leftAt`: off-boarded since, they may do nothing. */
export type Person = typeof people.$inferSelect;

/** The person with this id, also one who has left. */
export async function findPerson(db: Reader, id: string): Promise<Person | undefined> {
  const [row] = await db.select().from(people).where(eq(people.id, id));
  return row;
}

/** The people with these ids, in no order. */
export async function peopleNamed(db: Reader, ids: string[]): Promise<Person[]> {
  return ids.length === 0 ? [] : db.select().from(people).where(among(people.id, ids));
}

/** The person behind a Telegram account, also one who has left; undefined for strangers. */
export async function findPersonByTelegram(db: Reader, telegramId: number): Promise<Person | undefined> {
  const [row] = await db.select().from(people).where(eq(people.telegramId, telegramId));
  return row;
}

/** Everybody who has not left, in order of arrival; only these roles when given. */
export async function peopleHere(db: Reader, roles?: Person['role'][]): Promise<Person[]> {
  return db
    .select()
    .from(people)
    .where(and(isNull(people.leftAt), roles ? inArray(people.role, roles) : undefined))
    .orderBy(asc(people.createdAt), asc(people.id));
}

/** A person to be written; how they want alerts followed up, whether they are away and when they were seen stay. */
export type PersonGiven = Omit<Person, 'care' | 'away' | 'seenAt' | 'absentSince'>;

/** Writes the whole person, new or known. Two first contacts at once: the later one changes the earlier row. */
export async function savePerson(db: Reader, person: PersonGiven): Promise<Person> {
  const { id: _id, telegramId: _telegramId, createdAt: _createdAt, ...changes }: PersonGiven = person;
  const [row] = await db
    .insert(people)
    .values(person)
    .onConflictDoUpdate({ target: people.telegramId, set: changes })
    .returning();
  return row!;
}

/** Writes some of an owner's settings, a person's or a group's; false when there is no such owner. */
export async function saveSettings(
  db: Reader,
  ownerId: string,
  changes: Partial<Settings>,
): Promise<boolean> {
  const rows = isGroup(ownerId)
    ? await db.update(groups).set(changes).where(eq(groups.id, ownerId)).returning({ id: groups.id })
    : await db.update(people).set(changes).where(eq(people.id, ownerId)).returning({ id: people.id });
  return rows.length > 0;
}

/**
 * How this owner wants to be told. Somebody who has not said their zone has `defaultZone`; an owner that does not exist
 * has no quiet hours and an empty name.
 */
export async function settingsOf(
  db: Reader,
  ownerId: string,
  defaultZone = 'UTC',
): Promise<Settings & { name: string }> {
  const [row] = isGroup(ownerId)
    ? await db.select().from(groups).where(eq(groups.id, ownerId))
    : await db.select().from(people).where(eq(people.id, ownerId));
  return settingsIn(row, defaultZone);
}

/** The same of a row that is there already. */
export function settingsIn(
  row: Person | typeof groups.$inferSelect | undefined,
  defaultZone: string,
): Settings & { name: string } {
  if (!row) return { zone: defaultZone, quiet: null, morning: 540, name: '' };
  const name = 'title' in row ? row.title : row.name;
  const away = 'away' in row ? row.away : null;
  const { quiet, morning, care } = row;
  return { zone: row.zone ?? defaultZone, quiet, morning, care, away, name };
}
