// Rules by the time of their last edit, for what is to be said some time after it.
import { and, asc, gt, isNull, lte, sql } from 'drizzle-orm';
import type { Rule } from '#core/rule.ts';
import type { Reader } from './connection.ts';
import { rulesNamed } from './rules.ts';
import { rules } from './schema/rules.ts';

const page = 500;

/** The rules that are not deleted and were last edited after `from` and at or before `until`, a page at a time. */
export async function* rulesEditedIn(db: Reader, from: number, until: number): AsyncGenerator<Rule[]> {
  for (let after = ''; ; ) {
    const found = await db
      .select({ id: rules.id })
      .from(rules)
      .where(
        and(
          isNull(rules.deletedAt),
          gt(rules.updatedAt, from),
          lte(rules.updatedAt, until),
          sql`${rules.id} > ${after}`,
        ),
      )
      .orderBy(asc(rules.id))
      .limit(page);
    if (found.length > 0)
      yield await rulesNamed(
        db,
        found.map(({ id }) => id),
      );
    if (found.length < page) return;
    after = found.at(-1)!.id;
  }
}
