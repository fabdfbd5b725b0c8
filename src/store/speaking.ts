// Who wrote or pressed, in which group, and what the button meant: one question for all whose updates are handled at once.
import { and, eq, isNull, sql } from 'drizzle-orm';
import { rowMarks, type Seen } from './alerts-held.ts';
import type { ButtonRow } from './buttons.ts';
import type { Reader } from './connection.ts';
import type { Group } from './groups.ts';
import type { Person } from './people.ts';
import { ruleOf } from './rule-rows.ts';
import { columns } from './rules.ts';
import { alerts } from './schema/alerts.ts';
import { buttons } from './schema/chat.ts';
import { groups, people } from './schema/people.ts';
import { rules } from './schema/rules.ts';

/** What an update says of it: whose Telegram account, which group's chat, which button. */
export interface Said {
  telegramId?: number | undefined;
  groupChat?: number | undefined;
  button?: string | undefined;
}

/** What the ledger knows of that; also a person or a group that has left, and a button that expired. */
export interface Speaking {
  person?: Person | undefined;
  group?: Group | undefined;
  button?: ButtonRow | undefined;
  /** The alert that the button is about. */
  seen?: Seen | undefined;
}

/** For each of them. */
export async function whoSpeaks(db: Reader, said: Said[]): Promise<Speaking[]> {
  const named = JSON.stringify(
    said.map(({ telegramId, groupChat, button }, of) => ({ of, p: telegramId, g: groupChat, b: button })),
  );
  const rows = await db
    .select({
      of: sql<number>`v.of`,
      person: people,
      group: groups,
      button: buttons,
      alert: alerts,
      rule: columns,
      marks: rowMarks,
    })
    .from(sql`json_to_recordset(${named}::text::json) as v(of int, p bigint, g bigint, b text)`)
    .leftJoin(people, eq(people.telegramId, sql`v.p`))
    .leftJoin(groups, eq(groups.chatId, sql`v.g`))
    .leftJoin(buttons, eq(buttons.id, sql`v.b`))
    .leftJoin(alerts, eq(alerts.id, buttons.alertId))
    .leftJoin(rules, and(eq(rules.id, alerts.ruleId), isNull(rules.deletedAt)));
  const found = new Map(rows.map(({ of, ...row }) => [of, row]));
  return said.map((_, i) => {
    const { person, group, button, alert, rule, marks } = found.get(i)!;
    const seen = alert ? { alert, rule: rule ? ruleOf(rule) : undefined, marks } : undefined;
    return { person: person ?? undefined, group: group ?? undefined, button: button ?? undefined, seen };
  });
}
