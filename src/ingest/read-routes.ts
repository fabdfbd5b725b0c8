// What became of events and alerts, for those who have a key with the scope `read`.
import type { Hono } from 'hono';
import type { Status } from '#core/alert.ts';
import { instants } from '#core/instants.ts';
import { type Severity, severities } from '#core/severity.ts';
import type { World } from '#operations/world.ts';
import { transitionsOf } from '#store/alert-lists.ts';
import { findEvent } from '#store/events.ts';
import { findAlert } from '#store/find-alerts.ts';
import { ownerNamed } from '#store/named-owner.ts';
import { newestAlerts, notificationsOf, transitionsOfEvent } from '#store/traces.ts';
import { readsOf } from '#store/why.ts';
import { bounds } from './accept.ts';
import { callerOf } from './caller.ts';
import { type Caller, hasScope, type KeyBook, mayTouch } from './key-book.ts';
import { answerList, readListing } from './listing.ts';
import { within } from './patience.ts';
import { problemResponse, problems } from './problem.ts';

const statuses: readonly string[] = ['pending', 'firing', 'acknowledged', 'resolved'];

/** Adds `GET /v1/events/{seq}`, `/v1/alerts` and `/v1/alerts/{id}`. */
export function addReadRoutes(
  app: Hono,
  { world, keys, now }: { world: World; keys: KeyBook; now: () => number },
): void {
  const { db } = world.database;
  const reading =
    (
      read: (
        caller: Caller,
        request: { raw: Request; param(name: string): string; query(name: string): string | undefined },
      ) => Promise<Response>,
    ) =>
    async (c: {
      req: { raw: Request; param(name: string): string; query(name: string): string | undefined };
    }) => {
      const caller = await callerOf(keys, c.req.raw, now());
      if (!('keyId' in caller)) return problemResponse(caller);
      if (!hasScope(caller, 'read'))
        return problemResponse(problems.forbidden('Reading needs a key with the scope “read”.'));
      return within(bounds.patienceMs, read(caller, c.req));
    };

  app.get(
    '/v1/events/:seq',
    reading(async (caller, request) => {
      const seq = Number(request.param('seq'));
      const event = Number.isSafeInteger(seq) && seq > 0 ? await findEvent(db, seq) : undefined;
      if (!event || !mayTouch(caller, event.type)) return missing('There is no event with this number.');
      const changes = await transitionsOfEvent(db, seq);
      const told = await notificationsOf(db, changes);
      const { lane: _lane, bodyHash: _hash, sourceId: _source, body, raw, eventId, trace, ...rest } = event;
      return json({
        id: eventId,
        ...rest,
        ...(JSON.parse(body) as object),
        // The body that it came in may tell of other topics too.
        ...(caller.topics.includes('**') && { raw }),
        processed: event.processedAt !== null,
        reads: readsOf(trace),
        ...(trace?.more ? { moreReads: trace.more } : {}),
        transitions: changes,
        notifications: shownTo(caller, told),
      });
    }),
  );
  app.get(
    '/v1/alerts',
    reading(async (caller, request) => {
      const wanted = (request.query('status') ?? '').split(',').filter((word) => word !== '');
      const wrong = wanted.find((word) => !statuses.includes(word));
      if (wrong !== undefined)
        return invalid('status', `there is no such status; there are ${statuses.join(', ')}`);
      const severity = request.query('severity');
      if (severity !== undefined && !severities.some((known) => known === severity))
        return invalid('severity', `there is no such severity; there are ${severities.join(', ')}`);
      const said = request.query('owner');
      const ownerId = said === undefined ? undefined : await ownerNamed(db, said);
      if (said !== undefined && ownerId === undefined) return invalid('owner', 'nobody here is called that');
      const read = readListing((name) => request.query(name), request.raw.headers.get('accept'), place);
      if (!read.ok) return problemResponse(problems.badQuery(read.faults));
      const { topic, since, until } = read.listing;
      const asked = {
        topics: caller.topics,
        statuses: wanted as Status[],
        severity: severity as Severity | undefined,
        subject: request.query('subject'),
        ruleId: request.query('rule'),
        ownerId,
        topic,
        since,
        until,
      };
      return answerList(
        'alerts',
        read.listing,
        (cursor, limit) => newestAlerts(db, { ...asked, behind: behindOf(cursor), limit }),
        ({ since: began, id }) => `${began}.${id}`,
      );
    }),
  );
  app.get(
    '/v1/alerts/:id',
    reading(async (caller, request) => {
      const id = request.param('id');
      const alert = /^\w{1,64}$/.test(id) ? await findAlert(db, id) : undefined;
      if (!alert || !mayTouch(caller, alert.topic)) return missing('There is no alert with this id.');
      const changes = await transitionsOf(db, alert.id);
      return json({
        ...alert,
        transitions: changes,
        notifications: shownTo(caller, await notificationsOf(db, [{ alertId: alert.id }])),
      });
    }),
  );
}

// Where an alert stands in the list: when it began, and its id.
const place = /^\d{1,15}\.\w{1,64}$/;

function behindOf(cursor: string | undefined): { since: number; id: string } | undefined {
  const [since, id] = cursor?.split('.') ?? [];
  return since === undefined || id === undefined ? undefined : { since: Number(since), id };
}

type Told = Awaited<ReturnType<typeof notificationsOf>>;

// Who is told, and in whose words why not, is no business of somebody who only reads.
function shownTo(caller: Caller, told: Told): object[] {
  if (hasScope(caller, 'admin')) return told;
  return told.map(({ receiver: _receiver, receiverId: _id, detail: _detail, deliveries, ...rest }) => ({
    ...rest,
    deliveries: deliveries.map(({ detail: _why, ...delivery }) => delivery),
  }));
}

const json = (value: object) => Response.json(instants(value));
const missing = (text: string) => problemResponse(problems.notFound(text));
const invalid = (path: string, text: string) => problemResponse(problems.badQuery([{ path, text }]));
