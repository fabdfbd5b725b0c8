// All waiting work, derived from the tables: what the sweeper rings for.
import { sql } from 'drizzle-orm';
import type { Doorbell } from '#core/doorbell.ts';
import { lanes } from '#core/event.ts';
import { at } from './at.ts';
import type { Db } from './connection.ts';
import { leaseHeld } from './leases.ts';
import { verdictsToHear } from './verifications.ts';

/** At most this many doorbells of one kind a call, those that wait longest first; the rest is found by the next. */
const most = 500;

/** Where work waits at `now`. Cheap when there is none: every question is answered by a partial index. */
export async function pendingWork(db: Db, now: number): Promise<Doorbell[]> {
  const moment = at(now);
  const rows = await db.execute<{ job: Doorbell['job']; id: string }>(sql`
    (select 'evaluate' as job, lane::text as id from generate_series(0, ${lanes - 1}::int) lane
      where exists (select 1 from events where events.lane = lane.lane and processed_at is null))
    union all
    (select 'due', 'all' where
      exists (select 1 from rule_states where due_at is not null and due_at <= ${moment})
      or exists (${verdictsToHear(now)})
      or exists (select 1 from cares where due_at <= ${moment})
      or exists (select 1 from alerts where snoozed_until is not null and snoozed_until <= ${moment} and status <> 'resolved'))
    union all
    (select 'notify', receiver_id from notifications
      where status not in ('sent','suppressed','dead')
        and (status = 'pending' or (status = 'held' and not_before <= ${moment}))
      group by receiver_id order by min(id) limit ${most})
    union all
    (${waitingAddresses(now)} order by min(w.since) limit ${most})
    union all
    (select 'updates', chat_key from updates
      where done_at is null and (not_before is null or not_before <= ${moment})
      group by chat_key order by min(received_at) limit ${most})
    union all
    (select 'timetable', 'all' where exists (select 1 from digests where next_at <= ${moment})
      or exists (select 1 from broadcasts where status = 'running' and next_at <= ${moment}))
    union all
    (select 'act', id from acts where status in ('confirmed','calling') and due_at <= ${moment} order by due_at limit ${most})
    union all
    (select 'remap', s.id from sources s where s.mapping is not null and exists (select 1 from kept_bodies k
      where k.source_id = s.id and k.tried_mapping is distinct from s.mapping_at))
    union all
    (select 'scrape', 'all' where exists (select 1 from targets
      where not paused and next_at <= ${moment} and (lease_until is null or lease_until <= ${moment})))`);
  return rows.map(({ job, id }) => ({ job, id }));
}

/** Addresses with something to send or edit now, which may be spoken to and which nobody serves. */
function waitingAddresses(now: number) {
  const moment = at(now);
  // Each receiver and address once, before anything is looked up for it: a storm leaves thousands of messages at one.
  return sql`
    select 'deliver', w.channel || '|' || w.address from (
      select r.channel, r.address, h.since, false as stuck from (
        select n.receiver_id as id, min(coalesce(n.not_before, n.created_at)) as since from notifications n
          where n.status not in ('sent','suppressed','dead')
            and n.status in ('ready','retry','unknown') and (n.not_before is null or n.not_before <= ${moment})
          group by n.receiver_id) h join receivers r on r.id = h.id
      union all
      select c.channel, c.address, min(c.edit_after), false from copies c
        where c.shown_rev < c.wanted_rev and c.message_id is not null and c.edit_after <= ${moment}
        group by c.channel, c.address
      union all
      select b.channel, b.address, b.edit_after, false from boards b
        where b.message_id is not null and b.edit_after <= ${moment}
          and (b.shown < b.wanted or (b.ended_at is null and b.last_at <= ${moment} - interval '60 seconds'))
      union all
      select d.channel, d.address, d.started_at, true from deliveries d where d.outcome = 'sending'
    ) w
    left join budgets b on b.channel = w.channel and b.address = w.address
    left join budgets whole on whole.channel = w.channel and whole.address = '*'
    where (b.address is null or not ${leaseHeld(now)})
      and (w.stuck or (
        (b.address is null or (b.free_at <= ${moment} and coalesce(b.paused_until <= ${moment}, true)))
        and (whole.address is null or (whole.free_at <= ${moment} and coalesce(whole.paused_until <= ${moment}, true)))))
    group by w.channel, w.address`;
}
