// What buttons mean: the message carries only the id of such a row.
import { and, eq, inArray, isNotNull, lt, sql } from 'drizzle-orm';
import type { Reader } from './connection.ts';
import { insertMany } from './insert-many.ts';
import { buttons } from './schema/chat.ts';

/** A button: `id` is 128 bits of chance, valid only in `chatId` and until `expiresAt`; `rev` of the alert it was shown with. */
export type ButtonRow = typeof buttons.$inferSelect;

/** Adds buttons; known ids stay as they are. */
export async function addButtons(db: Reader, rows: ButtonRow[]): Promise<void> {
  if (rows.length === 0) return;
  await db.execute(sql`${insertMany(buttons, rows)} on conflict do nothing`);
}

/** The alerts of those among these buttons of the chat that do one of these. */
export async function alertsOfButtons(
  db: Reader,
  { chatId, ids, actions }: { chatId: number; ids: string[]; actions: string[] },
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectDistinct({ alertId: buttons.alertId })
    .from(buttons)
    .where(
      and(
        inArray(buttons.id, ids),
        eq(buttons.chatId, chatId),
        inArray(buttons.action, actions),
        isNotNull(buttons.alertId),
      ),
    );
  return rows.map(({ alertId }) => alertId!);
}

/** Removes at most `limit` buttons that expired before then; how many went. */
export async function trimButtons(db: Reader, before: number, limit = 1000): Promise<number> {
  const old = db.select({ id: buttons.id }).from(buttons).where(lt(buttons.expiresAt, before)).limit(limit);
  const rows = await db.delete(buttons).where(inArray(buttons.id, old)).returning({ id: buttons.id });
  return rows.length;
}
