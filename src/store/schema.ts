// The tables of the ledger, nothing else. Instants are timestamptz, handed out as epoch milliseconds.
import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { ActAnswer, ActRequest, ActStatus, Pressers } from '#core/act.ts';
import type { Change, Status } from '#core/alert.ts';
import type { Away } from '#core/away.ts';
import type { Audience, Course, Step } from '#core/broadcast.ts';
import type { Care } from '#core/care.ts';
import type { Condition } from '#core/condition.ts';
import type { DeclaredField, SeenCounts } from '#core/declared-topic.ts';
import type { EventStatus } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import type { Lack, Mapping } from '#core/mapping.ts';
import type { Matcher } from '#core/matcher.ts';
import type { Exchange, NotificationKind, NotificationStatus, Reason } from '#core/notification.ts';
import type { PackDocument } from '#core/pack.ts';
import type { Quiet } from '#core/quiet.ts';
import type { Reading } from '#core/reading.ts';
import type { RuleGround, RuleOptions } from '#core/rule.ts';
import type { SeenField, SeenSubject } from '#core/seen-topic.ts';
import type { Severity } from '#core/severity.ts';
import type { Weekly } from '#core/silence.ts';
import type { Style } from '#core/style.ts';
import type { Trace } from '#core/trace.ts';

const instant = customType<{ data: number; driverData: string | Date }>({
  dataType: () => 'timestamptz(3)',
  toDriver: (ms) => new Date(ms).toISOString(),
  fromDriver: (value) => new Date(value).getTime(),
});
/** A transaction's number, as text: it may be larger than numbers are exact. */
const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' });
const big = (name: string) => bigint(name, { mode: 'number' });
type Labels = Record<string, string>;

// ── who may push ────────────────────────────────────────────────────────────
export const sources = pgTable('sources', {
  id: text().primaryKey(),
  name: text().notNull().unique(),
  /** Events a second, and how many at once. */
  ratePerSecond: integer('rate_per_second').notNull(),
  burst: integer().notNull(),
  createdAt: instant('created_at').notNull(),
  /** Sealed. With one, only signed bodies are taken; the old one is good until then. */
  secret: text(),
  oldSecret: text('old_secret'),
  oldSecretUntil: instant('old_secret_until'),
  /** What the fields of its JSON mean, for the format `mapped`, and since when. */
  mapping: jsonb().$type<Mapping>(),
  mappingAt: instant('mapping_at'),
});

/** Bodies that no mapping could read yet: they become events once one can. */
export const keptBodies = pgTable(
  'kept_bodies',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    sourceId: text('source_id').notNull(),
    body: text().notNull(),
    /** Under which the key that brought it may push. */
    topics: jsonb().$type<string[]>().notNull(),
    /** What was missing when it was last tried, and by which mapping: its `mapping_at`. */
    missing: jsonb().$type<Lack[]>().notNull(),
    triedMapping: instant('tried_mapping'),
    receivedAt: instant('received_at').notNull(),
  },
  (t) => [index('kept_bodies_source').on(t.sourceId, t.id)],
);

export const keys = pgTable(
  'keys',
  {
    id: text().primaryKey(),
    sourceId: text('source_id')
      .notNull()
      .references(() => sources.id),
    hash: text().notNull(),
    /** `ingest`, `read`, `admin`; topics in `topics`. */
    scopes: jsonb().$type<string[]>().notNull(),
    topics: jsonb().$type<string[]>().notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
    /** Who made it: `person:p_…`, `key:s_…`, `operator`, `clock`; empty: before that was kept. */
    createdBy: text('created_by').notNull().default(''),
    lastUsedAt: instant('last_used_at'),
  },
  (t) => [index('keys_source').on(t.sourceId)],
);

// ── what is asked, and what calls in ────────────────────────────────────────
/** Software that is scraped. Its name is the `source` of its events and their label `instance`. */
export const targets = pgTable(
  'targets',
  {
    id: text().primaryKey(),
    name: text().notNull().unique(),
    /** The module that knows what to ask and what the answer means. */
    module: text().notNull(),
    params: jsonb().$type<Record<string, unknown>>().notNull(),
    /** The header `Authorization`, sealed. */
    secret: text(),
    everyMs: integer('every_ms').notNull(),
    timeoutMs: integer('timeout_ms').notNull(),
    paused: boolean().notNull().default(false),
    /** When it is asked next. A timer. */
    nextAt: instant('next_at').notNull(),
    /** Somebody asks it now, and is believed to until then. */
    leaseUntil: instant('lease_until'),
    /** The counters of the last answer. */
    memory: jsonb().$type<{ at: number; counters: Record<string, number> }>(),
    /** Whether the last answer was good; null before the first. */
    up: boolean(),
    upSince: instant('up_since'),
    /** When `up` was last told as an event. */
    upToldAt: instant('up_told_at'),
    error: text(),
    lastAt: instant('last_at'),
    /** How many events the last answer made. */
    found: integer().notNull().default(0),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [index('targets_due').on(t.nextAt).where(sql`not paused`)],
);

/** Alerts that wait for the answer of a target before they are told. A timer. */
export const verifications = pgTable(
  'verifications',
  {
    alertId: text('alert_id')
      .primaryKey()
      .references(() => alerts.id, { onDelete: 'cascade' }),
    /** The name of the target; perhaps there is none of that name. */
    target: text().notNull(),
    askedAt: instant('asked_at').notNull(),
    /** Asked: until when an answer is waited for. Answered: until when that is believed. */
    until: instant('until').notNull(),
    answered: boolean().notNull().default(false),
  },
  (t) => [index('verifications_target').on(t.target)],
);

/** Things that call in when they are done: a job, a host, a cron line. */
export const heartbeats = pgTable(
  'heartbeats',
  {
    id: text().primaryKey(),
    /** Its events' subject; unique, because their topic is made of it. */
    name: text().notNull().unique(),
    topic: text().notNull(),
    /** Whose it is: the rules about it are theirs. */
    ownerId: text('owner_id').notNull(),
    /** SHA-256 of the token; the token itself is never kept. */
    hash: text().notNull().unique(),
    /** When it should come, as the kind `absence` reads it. */
    expects: jsonb().$type<Record<string, string>>().notNull(),
    ruleIds: jsonb('rule_ids').$type<string[]>().notNull(),
    /** When it said that it begins; null while nothing is under way. */
    startedAt: instant('started_at'),
    lastAt: instant('last_at'),
    /** `ok`, `fail`, `start`, `log`; null before the first. */
    lastStatus: text('last_status').$type<'ok' | 'fail' | 'start' | 'log'>(),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [index('heartbeats_owner').on(t.ownerId)],
);

// ── what arrived ────────────────────────────────────────────────────────────
export const events = pgTable(
  'events',
  {
    seq: bigserial({ mode: 'number' }).primaryKey(),
    sourceId: text('source_id').notNull(),
    eventId: text('event_id').notNull(),
    bodyHash: text('body_hash').notNull(),
    lane: smallint().notNull(),
    fingerprint: text().notNull(),
    /** CloudEvents `source`. */
    source: text().notNull(),
    type: text().notNull(),
    subject: text().notNull(),
    time: instant('time'),
    severity: text().$type<Severity>(),
    status: text().$type<EventStatus>(),
    /** Firing until then unless it is said again. */
    endsAt: instant('ends_at'),
    /** Kept as text: jsonb refuses what JSON allows. `{"data":…,"labels":…}` as parsed, well-formed. */
    body: text().notNull(),
    /** The sender's bytes for this event, when a format changed them; otherwise null. */
    raw: text(),
    receivedAt: instant('received_at').notNull(),
    processedAt: instant('processed_at'),
    /** How many rules asked about it. */
    matched: integer(),
    /** How many emitted events stand between a sender's and this one. */
    hops: smallint().notNull().default(0),
    /** What the rules that looked at it read; see core/trace.ts. */
    trace: jsonb().$type<Trace>(),
    /** Why it was put aside, when processing it failed for good. */
    quarantined: text(),
  },
  (t) => [
    uniqueIndex('events_source_event').on(t.sourceId, t.source, t.eventId),
    index('events_waiting').on(t.lane, t.seq).where(sql`processed_at is null`),
    index('events_type').on(t.type, t.seq),
    // Events come nearly in order of time: a small index is enough.
    index('events_received').using('brin', t.receivedAt),
  ],
);

/** Lanes whose last batch did not end well: they go on one event at a time. */
export const laneTroubles = pgTable('lane_troubles', {
  lane: smallint().primaryKey(),
  seq: big('seq').notNull(),
  attempts: integer().notNull(),
  error: text(),
});

/** The catalogue of topics really seen. */
export const topics = pgTable('topics', {
  topic: text().primaryKey(),
  /** Field → what was seen of it: `{type, last, min, max, values: string[]}`. */
  fields: jsonb().$type<Record<string, SeenField>>().notNull(),
  count: big('count').notNull(),
  lastAt: instant('last_at').notNull(),
  /** The last event of each of the newest 50 subjects. */
  subjects: jsonb().$type<Record<string, SeenSubject>>().notNull(),
});

/** How what is under a topic pattern is worded, in Liquid, and in which units its fields are measured. */
export const templates = pgTable('templates', {
  topic: text().primaryKey(),
  title: text(),
  text: text('body'),
  over: text(),
  /** Field → unit. */
  units: jsonb().$type<Record<string, string>>().notNull().default({}),
  updatedBy: text('updated_by').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

/** What sources say about their topics; see core/declared-topic.ts. */
export const declaredTopics = pgTable('declared_topics', {
  topic: text().primaryKey(),
  title: text(),
  description: text(),
  strict: boolean().notNull(),
  fields: jsonb().$type<Record<string, DeclaredField>>().notNull(),
  declaredAt: instant('declared_at').notNull(),
  declaredBy: text('declared_by').notNull(),
  /** What had been seen by then. */
  base: jsonb().$type<SeenCounts>().notNull(),
});

// ── who is told ─────────────────────────────────────────────────────────────
export const people = pgTable('people', {
  id: text().primaryKey(),
  telegramId: big('telegram_id').notNull().unique(),
  name: text().notNull(),
  username: text(),
  role: text().$type<'member' | 'admin' | 'owner'>().notNull(),
  zone: text(),
  morning: integer().notNull().default(540),
  quiet: jsonb().$type<Quiet>(),
  care: jsonb().$type<Care>(),
  away: jsonb().$type<Away>(),
  /** When they last wrote or pressed, and since when they had not before that visit. */
  seenAt: instant('seen_at'),
  absentSince: instant('absent_since'),
  createdAt: instant('created_at').notNull(),
  leftAt: instant('left_at'),
});

export const groups = pgTable('groups', {
  id: text().primaryKey(),
  chatId: big('chat_id').notNull().unique(),
  title: text().notNull(),
  zone: text().notNull(),
  morning: integer().notNull().default(540),
  quiet: jsonb().$type<Quiet>(),
  care: jsonb().$type<Care>(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull(),
  leftAt: instant('left_at'),
});

export const receivers = pgTable(
  'receivers',
  {
    id: text().primaryKey(),
    /** `p_…` or `g_…`. */
    ownerId: text('owner_id').notNull(),
    channel: text().notNull(),
    /** Telegram: the chat id. Where something private was typed: the receiver's own id, so that it stands in `contact` alone. */
    address: text().notNull(),
    /** The forum topic of the chat that it is, by name; empty: the chat as a whole. */
    topic: text().notNull().default(''),
    label: text().notNull(),
    /** Why it is switched off: blocked, kicked, gone …; null while it works. */
    disabled: text(),
    disabledAt: instant('disabled_at'),
    /** What was typed to reach it, sealed; null where the address itself says it (a chat's id). */
    contact: text(),
    /** A machine: told every change in order, and nothing about attention holds for it. */
    everyChange: boolean('every_change').notNull().default(false),
    /** Attempts that failed since one last succeeded, and since when. */
    failures: integer().notNull().default(0),
    failingSince: instant('failing_since'),
    /** How it wants to be told: hours, gathering, caps. */
    style: jsonb().$type<Style>().notNull().default({}),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('receivers_address').on(t.channel, t.address, t.ownerId, t.topic),
    index('receivers_owner').on(t.ownerId),
  ],
);

/** Forum topics of chats by name; what each status means: store/forum-topics.ts. `*` is the chat as a whole. */
export const forumTopics = pgTable(
  'forum_topics',
  {
    channel: text().notNull(),
    address: text().notNull(),
    name: text().notNull(),
    /** Its number in the chat; null: not known, or there is none. */
    thread: big('thread'),
    status: text().$type<'making' | 'open' | 'gone' | 'away'>().notNull(),
    why: text(),
    until: instant('until'),
    /** Whether we made it. */
    ours: boolean().notNull(),
    /** Whether its owners know of its trouble. */
    told: boolean().notNull(),
    /** When it was begun, or became known. */
    since: instant('since').notNull(),
  },
  (t) => [primaryKey({ columns: [t.channel, t.address, t.name] })],
);

/** A code on its way to a typed address, which proves that its owner wants to be told there. */
export const confirmations = pgTable('confirmations', {
  receiverId: text('receiver_id').primaryKey(),
  hash: text().notNull(),
  tries: integer().notNull(),
  sentAt: instant('sent_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
});

/** Topics that an owner does not want to be told of on a channel (`*`: on none). */
export const optOuts = pgTable(
  'opt_outs',
  {
    ownerId: text('owner_id').notNull(),
    channel: text().notNull(),
    topic: text().notNull(),
    /** Not left out, but kept for the owner's digest. */
    digest: boolean().notNull().default(false),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.ownerId, t.channel, t.topic] })],
);

/** Secrets of this installation, sealed. */
export const secrets = pgTable('secrets', {
  name: text().primaryKey(),
  sealed: text().notNull(),
});

export const invitations = pgTable('invitations', {
  /** SHA-256 of the token; the token itself is never kept. */
  hash: text().primaryKey(),
  role: text().$type<'member' | 'admin' | 'owner'>().notNull(),
  createdBy: text('created_by').notNull(),
  expiresAt: instant('expires_at').notNull(),
  usedBy: text('used_by'),
  usedAt: instant('used_at'),
});

/** What lets a browser in without a key: once to the stream, or for a while to its person's own page. */
export const passes = pgTable(
  'passes',
  {
    /** SHA-256 of the token; the token itself is never kept. */
    hash: text().primaryKey(),
    lets: text().$type<'stream' | 'page'>().notNull(),
    /** `stream`: of whose key it has the rights. */
    keyId: text('key_id'),
    /** `page`: whose page. */
    personId: text('person_id'),
    /** The browser, in words. */
    label: text(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [index('passes_person').on(t.personId), index('passes_expiry').on(t.expiresAt)],
);

// ── wishes ──────────────────────────────────────────────────────────────────
export const rules = pgTable(
  'rules',
  {
    id: text().primaryKey(),
    ownerId: text('owner_id').notNull(),
    createdBy: text('created_by').notNull(),
    name: text().notNull(),
    topic: text().notNull(),
    match: jsonb().$type<Condition[]>().notNull(),
    kind: text().notNull(),
    params: jsonb().$type<Record<string, unknown>>().notNull(),
    key: jsonb().$type<string[]>().notNull(),
    forMs: big('for_ms').notNull(),
    keepFiringForMs: big('keep_firing_for_ms').notNull(),
    severity: text().$type<Severity>(),
    paused: boolean().notNull(),
    to: jsonb().$type<string[]>().notNull(),
    /** What few rules say: bands, emit, shadow … */
    options: jsonb().$type<RuleOptions>().notNull().default({}),
    /** What the owner's settings give to it; written anew when they change. */
    ground: jsonb().$type<RuleGround>().notNull().default({}),
    version: big('version').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    deletedAt: instant('deleted_at'),
  },
  (t) => [index('rules_version').on(t.version), index('rules_owner').on(t.ownerId, t.name)],
);

/** Until when it is not offered to make a rule quieter. */
export const tunings = pgTable('tunings', {
  ruleId: text('rule_id').primaryKey(),
  quietUntil: instant('quiet_until').notNull(),
});

/** Named lists that people keep, for conditions such as `block in $me.blocks`. */
export const lists = pgTable(
  'lists',
  {
    ownerId: text('owner_id').notNull(),
    name: text().notNull(),
    items: jsonb().$type<string[]>().notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.ownerId, t.name] })],
);

/** Rules ready to be taken; every version that was ever given out. */
export const packs = pgTable(
  'packs',
  {
    id: text().notNull(),
    version: integer().notNull(),
    /** Null: everybody's. */
    ownerId: text('owner_id'),
    ruleId: text('rule_id'),
    document: jsonb().$type<PackDocument>().notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
    /** Taken back: no longer offered; what was taken from it stays. */
    withdrawnAt: instant('withdrawn_at'),
  },
  (t) => [primaryKey({ columns: [t.id, t.version] }), index('packs_rule').on(t.ruleId)],
);

/** Single-row counters and markers: `rules` (change counter), `canary` (last round trip) … */
export const markers = pgTable('markers', {
  name: text().primaryKey(),
  value: big('value').notNull(),
  detail: text(),
});

export const silences = pgTable(
  'silences',
  {
    id: text().primaryKey(),
    ownerId: text('owner_id').notNull(),
    topic: text().notNull(),
    match: jsonb().$type<Matcher[]>().notNull(),
    ruleId: text('rule_id'),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    by: text().notNull(),
    comment: text().notNull(),
    /** Only in these hours of every week. */
    weekly: jsonb().$type<Weekly>(),
  },
  (t) => [index('silences_owner').on(t.ownerId, t.endsAt)],
);

// ── what burns ──────────────────────────────────────────────────────────────
export const ruleStates = pgTable(
  'rule_states',
  {
    ruleId: text('rule_id').notNull(),
    key: text().notNull(),
    /** The kind's own memory. */
    state: jsonb().$type<Json>(),
    /** Whether the last reading was met: alerts open on the crossing only. */
    met: boolean().notNull(),
    /** The latest event time stepped so far; older ones are late. */
    lastTime: instant('last_time'),
    /** When it must be stepped without an event (for, keep firing, absence); a timer. */
    dueAt: instant('due_at'),
    /** Of a rule that minds flapping: when it last became met, epoch milliseconds. */
    firings: jsonb().$type<number[]>(),
  },
  (t) => [
    primaryKey({ columns: [t.ruleId, t.key] }),
    index('rule_states_key').on(t.key),
    index('rule_states_due').on(t.dueAt).where(sql`due_at is not null`),
  ],
);

export const alerts = pgTable(
  'alerts',
  {
    id: text().primaryKey(),
    ruleId: text('rule_id').notNull(),
    ownerId: text('owner_id').notNull(),
    key: text().notNull(),
    labels: jsonb().$type<Labels>().notNull(),
    topic: text().notNull(),
    subject: text().notNull(),
    title: text().notNull(),
    fields: jsonb().$type<Labels>().notNull(),
    status: text().$type<Status>().notNull(),
    severity: text().$type<Severity>().notNull(),
    reading: jsonb().$type<Reading>().notNull(),
    since: instant('since').notNull(),
    firedAt: instant('fired_at'),
    acknowledgedAt: instant('acknowledged_at'),
    acknowledgedBy: text('acknowledged_by'),
    resolvedAt: instant('resolved_at'),
    snoozedUntil: instant('snoozed_until'),
    dueAt: instant('due_at'),
    count: integer().notNull(),
    hops: smallint().notNull().default(0),
    rev: integer().notNull(),
  },
  (t) => [
    uniqueIndex('alerts_open').on(t.ruleId, t.key).where(sql`status <> 'resolved'`),
    index('alerts_open_key').on(t.key).where(sql`status <> 'resolved'`),
    index('alerts_owner').on(t.ownerId, t.status),
    index('alerts_history').on(t.ruleId, t.key, t.since),
    index('alerts_snoozed').on(t.snoozedUntil).where(sql`snoozed_until is not null`),
  ],
);

/** Alerts that somebody wants followed up, and what was done so far. */
export const cares = pgTable(
  'cares',
  {
    alertId: text('alert_id').primaryKey(),
    since: instant('since').notNull(),
    reminded: integer().notNull().default(0),
    escalated: integer().notNull().default(0),
    /** When to look at it again; a timer. */
    dueAt: instant('due_at').notNull(),
  },
  (t) => [index('cares_due').on(t.dueAt)],
);

export const transitions = pgTable(
  'transitions',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    alertId: text('alert_id').notNull(),
    rev: integer().notNull(),
    from: text().$type<Status>(),
    to: text().$type<Status>().notNull(),
    change: text().$type<Change>().notNull(),
    at: instant('at').notNull(),
    by: text(),
    byRef: text('by_ref'),
    reading: jsonb().$type<Reading>().notNull(),
    seq: big('seq'),
    note: text(),
    /** The transaction that wrote it: numbers of rows become visible out of order; see store/changes.ts. */
    xid: transactionId('xid').notNull().default(sql`pg_current_xact_id()`),
  },
  (t) => [
    uniqueIndex('transitions_alert').on(t.alertId, t.rev),
    index('transitions_seq').on(t.seq),
    index('transitions_xid').on(t.xid),
  ],
);

// ── telling ─────────────────────────────────────────────────────────────────
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
    /** `note`: the text; `summary`: null. */
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
    uniqueIndex('notifications_once').on(t.alertId, t.alertRev, t.receiverId, t.kind),
    index('notifications_waiting')
      .on(t.receiverId, t.id)
      .where(sql`status not in ('sent','suppressed','dead')`),
    index('notifications_alert').on(t.alertId),
    index('notifications_via').on(t.viaId).where(sql`via_id is not null`),
    index('notifications_sent').on(t.receiverId, t.endedAt).where(sql`status = 'sent'`),
    index('notifications_receiver').on(t.receiverId, t.createdAt),
    index('notifications_inhibited').on(t.receiverId).where(sql`status = 'held' and reason = 'inhibited'`),
  ],
);

/** What happened, told at its time: a person's or group's digest, or once the offer to catch up (`back:…`). */
export const digests = pgTable(
  'digests',
  {
    id: text().primaryKey(),
    ownerId: text('owner_id').notNull(),
    receiverId: text('receiver_id').notNull(),
    /** Null: once, at `next_at`. */
    cron: text(),
    /** Null: the owner's. */
    zone: text(),
    sayQuiet: boolean('say_quiet').notNull(),
    coveredUntil: instant('covered_until').notNull(),
    /** A timer. */
    nextAt: instant('next_at').notNull(),
  },
  (t) => [index('digests_due').on(t.nextAt)],
);

/** Notices to many, and how far each has come. */
export const broadcasts = pgTable(
  'broadcasts',
  {
    id: text().primaryKey(),
    text: text('body').notNull(),
    severity: text().$type<Severity>().notNull(),
    audience: jsonb().$type<Audience>().notNull(),
    status: text().$type<Course['status']>().notNull(),
    next: text().$type<Step>().notNull(),
    /** A timer, while it runs. */
    nextAt: instant('next_at').notNull(),
    round: integer().notNull().default(0),
    firstPercent: integer('first_percent'),
    restAfterMs: big('rest_after_ms'),
    everyMs: big('every_ms'),
    endsAt: instant('ends_at').notNull(),
    by: text().notNull(),
    byRef: text('by_ref').notNull(),
    createdAt: instant('created_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    index('broadcasts_due').on(t.nextAt).where(sql`status = 'running'`),
    index('broadcasts_created').on(t.createdAt),
  ],
);

/** Who is concerned by a broadcast, and what came of it there. */
export const broadcastReceipts = pgTable(
  'broadcast_receipts',
  {
    broadcastId: text('broadcast_id').notNull(),
    ownerId: text('owner_id').notNull(),
    /** What of theirs is in the cohort: the first of it, and how many more. */
    things: jsonb().$type<string[]>().notNull().default([]),
    more: integer().notNull().default(0),
    /** The last round in which they were told; 0: not yet. */
    round: integer().notNull().default(0),
    /** The message of that round; null: they could not be reached anywhere. */
    notificationId: big('notification_id'),
    seenAt: instant('seen_at'),
    seenBy: jsonb('seen_by').$type<string[]>().notNull().default([]),
    leftAt: instant('left_at'),
  },
  (t) => [primaryKey({ columns: [t.broadcastId, t.ownerId] })],
);

/** One message that is edited, in the place of hundreds. What stands on it: notifications with its id in `via_id`. */
export const boards = pgTable(
  'boards',
  {
    id: text().primaryKey(),
    receiverId: text('receiver_id').notNull(),
    channel: text().notNull(),
    address: text().notNull(),
    /** The notification that put it up. */
    notificationId: big('notification_id').notNull(),
    messageId: text('message_id'),
    beganAt: instant('began_at').notNull(),
    /** When something last came. */
    lastAt: instant('last_at').notNull(),
    endedAt: instant('ended_at'),
    /** When everything on it was over, and that was said. */
    overAt: instant('over_at'),
    /** Edits are due while shown < wanted. */
    shown: integer().notNull().default(0),
    wanted: integer().notNull(),
    editAfter: instant('edit_after').notNull(),
  },
  (t) => [
    uniqueIndex('boards_open').on(t.receiverId).where(sql`ended_at is null`),
    uniqueIndex('boards_notification').on(t.notificationId),
    index('boards_stale').on(t.channel, t.address).where(sql`ended_at is null or shown < wanted`),
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

/** One budget per address for everything that goes there; `*` is the whole channel. Also who is sending to it now. */
export const budgets = pgTable(
  'budgets',
  {
    channel: text().notNull(),
    address: text().notNull(),
    /** Theoretical arrival time of the pacing (GCRA). */
    freeAt: instant('free_at').notNull(),
    /** The channel said: not before. */
    pausedUntil: instant('paused_until'),
    /** Of the whole channel: the part of its pace that was left then, after it was refused. */
    share: doublePrecision(),
    shareAt: instant('share_at'),
    leaseOwner: integer('lease_owner'),
    leaseUntil: instant('lease_until'),
  },
  (t) => [primaryKey({ columns: [t.channel, t.address] })],
);

// ── what is done outside ────────────────────────────────────────────────────
/** What may be done because of an alert: declared over HTTP, pressed in the chat. */
export const actions = pgTable('actions', {
  id: text().primaryKey(),
  name: text().notNull().unique(),
  /** On the button. */
  title: text().notNull(),
  kind: text().notNull(),
  params: jsonb().$type<Record<string, unknown>>().notNull(),
  /** Which alerts carry it. */
  topic: text().notNull(),
  match: jsonb().$type<Condition[]>().notNull(),
  may: jsonb().$type<Pressers>().notNull(),
  /** Whether it is asked once more before it happens. */
  confirm: boolean().notNull(),
  /** Whether it may be tried again by itself: twice is as good as once. */
  idempotent: boolean().notNull(),
  perHour: integer('per_hour').notNull(),
  /** By which it signs; sealed. */
  secret: text().notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

/** Each time that an action was wanted: the row is committed before the first byte. */
export const acts = pgTable(
  'acts',
  {
    id: text().primaryKey(),
    actionId: text('action_id').notNull(),
    /** As it was called then. */
    action: text().notNull(),
    title: text().notNull(),
    alertId: text('alert_id').notNull(),
    status: text().$type<ActStatus>().notNull(),
    byId: text('by_id').notNull(),
    by: text().notNull(),
    /** Where it was pressed. */
    chatId: big('chat_id').notNull(),
    request: jsonb().$type<ActRequest>().notNull(),
    askedAt: instant('asked_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    confirmedAt: instant('confirmed_at'),
    attempts: integer().notNull().default(0),
    /** confirmed: not before; calling: dead if nothing came until then. A timer. */
    dueAt: instant('due_at'),
    answer: jsonb().$type<ActAnswer>(),
    detail: text(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    index('acts_due').on(t.dueAt).where(sql`status in ('confirmed','calling')`),
    index('acts_alert').on(t.alertId, t.actionId),
    index('acts_asked').on(t.askedAt),
  ],
);

// ── the chat ────────────────────────────────────────────────────────────────
export const updates = pgTable(
  'updates',
  {
    updateId: big('update_id').primaryKey(),
    chatKey: text('chat_key').notNull(),
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    receivedAt: instant('received_at').notNull(),
    notBefore: instant('not_before'),
    attempts: integer().notNull().default(0),
    doneAt: instant('done_at'),
    error: text(),
  },
  (t) => [index('updates_waiting').on(t.chatKey, t.updateId).where(sql`done_at is null`)],
);

/** What a button means; the message carries only the id. */
export const buttons = pgTable(
  'buttons',
  {
    id: text().primaryKey(),
    action: text().notNull(),
    alertId: text('alert_id'),
    rev: integer(),
    chatId: big('chat_id').notNull(),
    payload: text(),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [index('buttons_expiry').on(t.expiresAt)],
);

export const conversations = pgTable('conversations', {
  key: text().primaryKey(),
  value: jsonb().$type<Json>().notNull(),
  updatedAt: instant('updated_at').notNull(),
});

// ── who did what ────────────────────────────────────────────────────────────
export const audit = pgTable(
  'audit',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    at: instant('at').notNull(),
    actor: text().notNull(),
    verb: text().notNull(),
    target: text().notNull(),
    detail: jsonb().$type<Json>(),
    /** Its place in the chain (`audit-chain.ts`), and what binds it to the one before; null: not bound yet. */
    link: big('link'),
    seal: text(),
  },
  (t) => [
    index('audit_target').on(t.target),
    uniqueIndex('audit_link').on(t.link),
    index('audit_unbound').on(t.id).where(sql`link is null`),
  ],
);
