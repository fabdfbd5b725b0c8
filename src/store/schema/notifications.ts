// What we mean to tell, the attempts, and the messages that came of them.
import { sql } from 'drizzle-orm';
import {
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Exchange, NotificationKind, NotificationStatus, Reason } from '#core/notification.ts';
import type { Severity } from '#core/severity.ts';
import { big, instant } from './columns.ts';

export const notifications = pgTable(
  'notifications',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    kind: text().$type<NotificationKind>().notNull(),
    receiverId: text('receiver_id').notNull(),
    alertId: text('alert_id'),
    alertRev: integer('alert_rev'),
    severity: text().$type<Severity>().notNull(),
    status: text().$type<NotificationStatus>().notNull(),
    reason: text().$type<Reason>(),
    detail: text(),
    /** held: until; retry: not before. A timer. */
    notBefore: instant('not_before'),
    /** What it says beside an alert, as its kind writes it: the text of a note, what a summary gathers … */
    body: text(),
    viaId: big('via_id'),
    attempts: integer().notNull().default(0),
    /** When somebody last asked for it to be tried again. */
    askedAt: instant('asked_at'),
    createdAt: instant('created_at').notNull(),
    /** When it reached a final status. */
    endedAt: instant('ended_at'),
  },
  (t) => [
    // Also for what one receiver was told of one alert.
    uniqueIndex('notifications_once').on(t.alertId, t.receiverId, t.alertRev, t.kind),
    index('notifications_waiting')
      .on(t.receiverId, t.id)
      .where(sql`status not in ('sent','suppressed','dead')`),
    index('notifications_via').on(t.viaId).where(sql`via_id is not null`),
    index('notifications_sent').on(t.receiverId, t.endedAt).where(sql`status = 'sent'`),
    // For `past` alone (src/store/notifications.ts): all a receiver was ever told is much more than what waits for it.
    index('notifications_receiver').on(t.receiverId, t.createdAt).where(sql`id > 0`),
    index('notifications_inhibited').on(t.receiverId).where(sql`status = 'held' and reason = 'inhibited'`),
  ],
);

/** Attempts to send: the row is committed before the first byte. */
export const deliveries = pgTable(
  'deliveries',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    notificationId: big('notification_id').notNull(),
    attempt: integer().notNull(),
    channel: text().notNull(),
    address: text().notNull(),
    /** sending, then the outcome's word. */
    outcome: text()
      .$type<'sending' | 'sent' | 'retry' | 'unknown' | 'refused' | 'moved' | 'gone'>()
      .notNull(),
    /** Whether the text said “possible repeat”. */
    marked: boolean().notNull(),
    detail: text(),
    messageId: text('message_id'),
    /** What was sent and answered, for channels that show it. */
    exchange: jsonb().$type<Exchange>(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    index('deliveries_notification').on(t.notificationId),
    index('deliveries_open').on(t.address).where(sql`outcome = 'sending'`),
    index('deliveries_message').on(t.channel, t.address, t.messageId).where(sql`message_id is not null`),
  ],
);

/** Who has heard of which alert, and the message to keep up to date there: edits are due while shown < wanted. */
export const copies = pgTable(
  'copies',
  {
    alertId: text('alert_id').notNull(),
    receiverId: text('receiver_id').notNull(),
    channel: text().notNull(),
    address: text().notNull(),
    /** Null: heard in a summary, nothing to edit. */
    messageId: text('message_id'),
    shownRev: integer('shown_rev').notNull(),
    wantedRev: integer('wanted_rev').notNull(),
    /** Cosmetic edits wait until then. */
    editAfter: instant('edit_after').notNull(),
    heardAt: instant('heard_at').notNull(),
    /** Whether “over” has been told here. */
    overAt: instant('over_at'),
  },
  (t) => [
    primaryKey({ columns: [t.alertId, t.receiverId] }),
    index('copies_stale')
      .on(t.channel, t.address)
      .where(sql`shown_rev < wanted_rev and message_id is not null`),
    index('copies_message').on(t.channel, t.address, t.messageId),
  ],
);
