// Healthchecks' webhook integration with the request body `$JSON`: a check that went down or came back.
import type { EventStatus, NewEvent } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import { own } from '#core/own.ts';
import { isRecord } from '../fields.ts';
import { factsOf, labelsOf, nameOf, nameOfParts, subjectOf, textAt, topicOf, valueAt } from '../foreign.ts';
import { type Format, parsed } from '../format.ts';

const statuses: Record<string, EventStatus> = { down: 'firing', up: 'resolved' };

// A check as Healthchecks' documentation (Management API v3) has it, which is what `$JSON` stands for.
const body = {
  name: 'Database Backup',
  slug: 'database-backup',
  tags: 'prod db',
  desc: 'Runs pg_dump every night',
  grace: 600,
  n_pings: 212,
  status: 'down',
  started: false,
  last_ping: '2026-05-04T02:00:07+00:00',
  next_ping: '2026-05-05T02:00:00+00:00',
  manual_resume: false,
  methods: '',
  unique_key: 'a6c7b0a8a66bed0df66abfdab3c77736861703ee',
  schedule: '0 2 * * *',
  tz: 'UTC',
};

export const healthchecks: Format = {
  name: 'healthchecks',
  title: 'Healthchecks',
  translates: true,
  example: { body },
  parse(body, { source }) {
    if (!isRecord(body))
      return { ok: false, faults: [{ path: '', text: 'must be an object: the request body $JSON' }] };
    const faults = ['name', 'status'].flatMap((name) =>
      textAt(body, name) === undefined
        ? [{ path: name, text: 'is missing; use the request body $JSON for both events' }]
        : [],
    );
    if (faults.length > 0) return { ok: false, faults };
    return parsed([{ at: '', event: toEvent(body, source.name) }], []);
  },
};

function toEvent(body: Json, source: string): NewEvent {
  const name = textAt(body, 'name')!;
  const state = textAt(body, 'status')!.toLowerCase();
  const status = own(statuses, state);
  const last = textAt(body, 'last_ping');
  const tags = valueAt(body, 'tags');
  // `$JSON` has no code when the project hides it; a read-only name stands in its place.
  const identity = nameOf(textAt(body, 'unique_key', 'uuid', 'code'));
  return {
    source,
    type: topicOf('healthchecks', textAt(body, 'slug') ?? name),
    subject: subjectOf(name),
    data: factsOf({
      summary: name,
      description: state === 'down' ? `down; the last ping came ${last ?? 'never'}` : state,
      about: textAt(body, 'desc'),
      state,
      last_ping: last,
      next_ping: textAt(body, 'next_ping'),
      schedule: textAt(body, 'schedule'),
      n_pings: valueAt(body, 'n_pings'),
      exit_status: valueAt(body, 'exit_status'),
    }),
    labels: labelsOf({
      check: name,
      tags: Array.isArray(tags)
        ? tags.filter((tag) => typeof tag === 'string').join(' ')
        : textAt(body, 'tags'),
    }),
    severity: status === 'firing' ? 'critical' : 'info',
    ...(status && { status, fingerprint: identity ?? nameOfParts('check', name) }),
  };
}
