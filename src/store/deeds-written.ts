// What is written beside an alert when people take care of it, and nobody but a machine is told: statements that need no answer
// of each other, so that the commit goes out with them.
import type { Alert } from '#core/alert.ts';
import type { Doorbell } from '#core/doorbell.ts';
import type { AlertChange } from './alert-change.ts';
import type { Tx } from './connection.ts';
import { constant } from './constant.ts';
import type { Unsent } from './lastly.ts';
import { bellsFor } from './tell-changes.ts';

/** Statements for the end of a transaction, and whom to ring for by what they answer. */
export interface LastWritten {
  statements: Unsent<unknown>[];
  rings(answers: readonly unknown[]): Doorbell[];
}

type Places = { stale: string[] | null; touched: string[] | null; told: string[] | null };

// As `markStale`, `touchBoards` and what machines are told, in this order: so the rows are locked as everywhere.
const aroundDeeds = constant<Places>(`
  with held as materialized (
    select h.alert_id, h.receiver_id, v.rev from json_to_recordset($1::text::json) as v(id text, rev int)
    join copies h on h.alert_id = v.id where h.wanted_rev < v.rev
    order by h.alert_id, h.receiver_id for update of h),
  stale as (
    update copies c set wanted_rev = held.rev, edit_after = least(c.edit_after, $2::text::timestamptz) from held
    where c.alert_id = held.alert_id and c.receiver_id = held.receiver_id returning c.channel || '|' || c.address as place),
  standing as materialized (
    select b.id from boards b where b.notification_id in (
      select n.via_id from json_to_recordset($3::text::json) as v(id text, by_people boolean)
      join notifications n on n.alert_id = v.id where v.by_people and n.via_id is not null)
    order by b.receiver_id for update of b),
  touched as (
    update boards b set wanted = wanted + 1 from standing where b.id = standing.id
    returning b.channel || '|' || b.address as place),
  told as (
    insert into notifications (kind, receiver_id, alert_id, alert_rev, severity, status, created_at)
    select 'changed', r.id, v.id, v.rev, v.severity, 'pending', $2::text::timestamptz
      from json_to_recordset($3::text::json) as v(id text, rev int, severity text, receivers jsonb)
      cross join lateral (
        select c.receiver_id from copies c where c.alert_id = v.id
        union select jsonb_array_elements_text(v.receivers)) as a(receiver_id)
      join receivers r on r.id = a.receiver_id and r.every_change order by v.id, v.rev
    on conflict do nothing returning receiver_id)
  select (select json_agg(place) from stale) as stale, (select json_agg(place) from touched) as touched,
    (select json_agg(receiver_id) from told) as told`);

/** What is written beside the alerts and their transitions, which `written` writes; `last`: their last forms. */
export function withDeeds(
  tx: Tx,
  written: Unsent<unknown>,
  last: Alert[],
  changes: AlertChange[],
  now: number,
): LastWritten {
  const heads = last.map(({ id, rev }) => ({ id, rev }));
  const deeds = changes.map(({ step: { alert, transition }, receivers }) => ({
    id: alert.id,
    rev: transition.rev,
    severity: alert.severity,
    by_people: transition.by !== null,
    receivers,
  }));
  const around = aroundDeeds(tx, [JSON.stringify(heads), new Date(now).toISOString(), JSON.stringify(deeds)]);
  return {
    statements: [written, around],
    rings(answers) {
      const [{ stale, touched, told }] = answers[1] as [Places];
      return bellsFor(told ?? [], [...(stale ?? []), ...(touched ?? [])]);
    },
  };
}
