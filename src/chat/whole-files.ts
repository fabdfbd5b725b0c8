// What does not fit into a message, as a text file: one alert with its event, all that burns, the past, a stretch of time.
import type { Alert } from '#core/alert.ts';
import { sayInstant } from '#core/hours.ts';
import type { PastSpan } from '#core/past-span.ts';
import { openAlertsOf } from '#store/alert-lists.ts';
import { findEvent } from '#store/events.ts';
import { pastAlerts } from '#store/past-alerts.ts';
import { receiversOf } from '#store/receivers.ts';
import { whyPeriod } from '#store/why.ts';
import type { ChatContext } from './context.ts';

import * as say from './locales/files.ts';
import type { SentFile } from './send-file.ts';
import { alertFacts } from './why-facts.ts';

type File = Omit<SentFile, 'again'>;

const mostAlerts = 5000;

/** Everything about one alert, its newest event as it came included; a sentence when it cannot be had here. */
export async function alertFile(ctx: ChatContext, alertId: string): Promise<File | string> {
  const facts = await alertFacts(ctx, alertId);
  if (typeof facts === 'string') return facts;
  const { alert, rule, changes, told, zone, now } = facts;
  const at = (instant: number) => sayInstant(instant, zone, now);
  const seq = changes.findLast((change) => change.seq !== null)?.seq ?? undefined;
  const event = seq === undefined ? undefined : await findEvent(ctx.deps.world.database.db, seq);
  const text = [
    `${alert.title}: ${alert.subject}`,
    `${alert.severity}, ${alert.status}, since ${at(alert.since)} (${zone})`,
    alert.reading.text,
    ...(rule ? [`Rule: ${rule.name} (${rule.topic}, ${rule.does})`] : []),
    ...section(
      'Fields',
      Object.entries(alert.fields).map(([name, value]) => `${name}: ${value}`),
    ),
    ...section(
      'What happened',
      changes.map(({ at: when, change, by, text: reading, note, seq: number }) =>
        [
          at(when),
          change,
          by ? `by ${by}` : '',
          reading,
          note ?? '',
          number === null ? '' : `(event ${number})`,
        ]
          .filter(Boolean)
          .join(' '),
      ),
    ),
    ...section(
      'Who was told',
      told.map(({ kind, status, reason, detail, at: when, where }) =>
        [at(when), kind, status, where, reason ?? '', detail ?? ''].filter(Boolean).join(' · '),
      ),
    ),
    ...(event
      ? section(`Event ${event.seq} from ${event.source}, as it came`, [
          JSON.stringify(JSON.parse(event.body), null, 2),
        ])
      : []),
  ].join('\n');
  const link = seq === undefined ? undefined : linkTo(ctx, seq);
  return { name: fileName(ctx, alert.subject || alert.title), text, caption: say.wholeAlert(alert, link) };
}

/** Everything that burns in this place. */
export async function openFile(ctx: ChatContext): Promise<File> {
  const open = await openAlertsOf(ctx.deps.world.database.db, [ctx.ownerId], mostAlerts);
  return { name: fileName(ctx, 'burning'), text: listed(ctx, open), caption: say.wholeList(open.length) };
}

/** The alerts that were, newest first. */
export async function historyFile(ctx: ChatContext, search: string): Promise<File> {
  const asked = { ownerId: ctx.ownerId, search: search.slice(0, 100), page: 0, perPage: mostAlerts };
  const { alerts, count } = await pastAlerts(ctx.deps.world.database.db, asked);
  return {
    name: fileName(ctx, 'history'),
    text: listed(ctx, alerts),
    caption: say.wholeList(alerts.length, count),
  };
}

/** What was told and not told in this time, each for itself. */
export async function periodFile(ctx: ChatContext, span: PastSpan): Promise<File> {
  const { db } = ctx.deps.world.database;
  const receivers = await receiversOf(db, [ctx.ownerId]);
  const asked = { ownerIds: [ctx.ownerId], receiverIds: receivers.map(({ id }) => id) };
  const { notifications } = await whyPeriod(db, asked, span.from, span.until);
  const rows = notifications
    .toReversed()
    .map(({ at, kind, status, reason, title, subject, detail }) =>
      [
        sayInstant(at, ctx.zone, ctx.now),
        kind,
        status,
        reason ?? '',
        title ?? '',
        subject ?? '',
        detail ?? '',
      ]
        .filter(Boolean)
        .join(' · '),
    );
  return { name: fileName(ctx, 'told'), text: rows.join('\n') || '·', caption: say.wholeList(rows.length) };
}

function listed(ctx: ChatContext, alerts: Alert[]): string {
  const at = (instant: number) => sayInstant(instant, ctx.zone, ctx.now);
  const rows = alerts.map(
    ({ severity, title, subject, topic, status, since, resolvedAt, reading, acknowledgedBy }) =>
      [
        at(since),
        resolvedAt === null ? status : `over ${at(resolvedAt)}`,
        severity,
        topic,
        `${title}: ${subject}`,
        reading.text,
        acknowledgedBy ? `acknowledged by ${acknowledgedBy}` : '',
      ]
        .filter(Boolean)
        .join(' · '),
  );
  return rows.join('\n') || say.nothingHere;
}

const section = (title: string, rows: string[]) =>
  rows.length === 0 ? [] : ['', title.toUpperCase(), ...rows];

/** Where programs read the event; none for an address that only this machine knows. */
function linkTo({ deps }: ChatContext, seq: number): string | undefined {
  const isOurs = /^https?:\/\/(localhost|127\.|\[::1\])/i.test(deps.publicUrl);
  return isOurs ? undefined : `${deps.publicUrl}/v1/events/${seq}`;
}

function fileName({ now }: ChatContext, about: string): string {
  const words = about
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `tocsin-${words || 'alert'}-${new Date(now).toISOString().slice(0, 10)}.txt`;
}
