// When something next happens by itself: the least instant in the future that any row waits for.
import type { Database } from '#store/connection.ts';

/** Epoch milliseconds, or undefined when nothing waits for a time. */
export async function nextDue({ sql }: Database, now: number): Promise<number | undefined> {
  const at = new Date(now).toISOString();
  const [row] = await sql<{ at: string | Date | null }[]>`
    select min(at) as at from (
      select min(due_at) as at from rule_states where due_at > ${at}
      union all select min(snoozed_until) from alerts where snoozed_until > ${at} and status <> 'resolved'
      union all select min(greatest(edit_after, last_at + interval '60 seconds')) from boards
        where greatest(edit_after, last_at + interval '60 seconds') > ${at} and ended_at is null and message_id is not null
      union all select min(edit_after) from boards where edit_after > ${at} and shown < wanted and message_id is not null
      union all select min(next_at) from digests where next_at > ${at}
      union all select min(next_at) from broadcasts where next_at > ${at} and status = 'running'
      union all select min(due_at) from acts where due_at > ${at} and status in ('confirmed','calling')
      union all select min(due_at) from cares where due_at > ${at}
      union all select min(not_before) from notifications
        where not_before > ${at} and status not in ('sent','suppressed','dead')
      union all select min(edit_after) from copies
        where edit_after > ${at} and shown_rev < wanted_rev and message_id is not null
      union all select min(not_before) from updates where not_before > ${at} and done_at is null
      union all select min(greatest(b.free_at, coalesce(b.paused_until, b.free_at))) from budgets b
        where greatest(b.free_at, coalesce(b.paused_until, b.free_at)) > ${at} and (
          exists (select 1 from notifications n join receivers r on r.id = n.receiver_id
            where r.channel = b.channel and b.address in (r.address, '*')
              and n.status in ('ready','retry','unknown','sending'))
          or exists (select 1 from copies c where c.channel = b.channel and b.address in (c.address, '*')
            and c.shown_rev < c.wanted_rev and c.message_id is not null))
      union all select min(next_at) from targets where next_at > ${at} and not paused
      union all select min(until) from verifications where until > ${at}
      union all select min(lease_until) from budgets where lease_until > ${at}
    ) waits`;
  return row?.at ? new Date(row.at).getTime() : undefined;
}
