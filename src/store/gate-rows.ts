// What the gates are asked about, by one question for all that is about to be sent: receivers, their owners and wishes, the
// alerts, who was told what, and what rules say.
import { sql } from 'drizzle-orm';
import type { Alert } from '#core/alert.ts';
import type { Silence } from '#core/silence.ts';
import { among } from './among.ts';
import type { Reader } from './connection.ts';
import type { Copy } from './copies.ts';
import { type JsonRow, rowOf } from './json-rows.ts';
import type { Telling } from './notifications.ts';
import type { OptOut } from './opt-outs.ts';
import type { OwnerSays, Receiver } from './receivers.ts';
import { type RuleSays, said } from './rule-says.ts';
import { alerts, copies, groups, optOuts, people, receivers, rules, silences } from './schema.ts';
import { holding } from './silences.ts';

export interface GateRows {
  people: { receiver: Receiver; owner: OwnerSays | undefined }[];
  optOuts: OptOut[];
  /** Those that hold now, the first to end first. */
  silences: Silence[];
  alerts: Alert[];
  copies: Copy[];
  /** What was sent or is under way to each receiver about its alert, oldest first. */
  tellings: Telling[];
  /** Those of the alerts' rules that say anything beyond the usual. */
  says: RuleSays[];
}

/** Of these receivers, each with an alert or none. */
export async function gateRows(
  db: Reader,
  wanted: { receiverId: string; alertId: string | null }[],
  now: number,
): Promise<GateRows> {
  const receiverIds = [...new Set(wanted.map(({ receiverId }) => receiverId))];
  const named = new Map(
    wanted.flatMap(({ receiverId, alertId }) =>
      alertId === null ? [] : [[`${receiverId} ${alertId}`, { r: receiverId, a: alertId }]],
    ),
  );
  const rows = await db.execute<{
    people: { receiver: JsonRow; person: JsonRow | null; group: JsonRow | null }[] | null;
    opt_outs: JsonRow[] | null;
    silences: JsonRow[] | null;
    alerts: JsonRow[] | null;
    copies: JsonRow[] | null;
    tellings: Telling[] | null;
    rules: JsonRow[] | null;
  }>(sql`
    with hearers as materialized (select * from receivers where ${among(sql`id`, receiverIds)}),
    pairs as materialized (select * from json_to_recordset(${JSON.stringify([...named.values()])}::text::json)
      as w(r text, a text)),
    about as materialized (select * from alerts where id = any(array(select a from pairs)))
    select (select json_agg(json_build_object('receiver', to_json(h), 'person', to_json(p), 'group', to_json(g)))
      from hearers h left join people p on p.id = h.owner_id left join groups g on g.id = h.owner_id) as people,
    (select json_agg(to_json(o) order by o.created_at) from opt_outs o
      where o.owner_id = any(array(select owner_id from hearers))) as opt_outs,
    (select json_agg(to_json(s) order by s.starts_at, s.id) from silences s
      where s.owner_id = any(array(select owner_id from hearers))
        and s.ends_at > ${new Date(now).toISOString()}::timestamptz) as silences,
    (select json_agg(to_json(a)) from about a) as alerts,
    (select json_agg(to_json(c)) from pairs w join copies c on c.alert_id = w.a and c.receiver_id = w.r) as copies,
    (select json_agg(json_build_object('id', n.id, 'kind', n.kind, 'severity', n.severity, 'status', n.status,
        'receiverId', n.receiver_id, 'alertId', n.alert_id) order by n.id)
      from pairs w join notifications n on n.alert_id = w.a and n.receiver_id = w.r
      where n.status in ('ready', 'sending', 'retry', 'unknown', 'sent')) as tellings,
    (select json_agg(to_json(r)) from rules r where r.id = any(array(select rule_id from about))
      and (r.options ? 'shadow' or r.options ? 'unless')) as rules`);
  const found = rows[0]!;
  const all = (found.silences ?? []).map((row) => rowOf(silences, row));
  return {
    people: (found.people ?? []).map(({ receiver, person, group }) => ({
      receiver: rowOf(receivers, receiver),
      owner: person ? rowOf(people, person) : group ? { ...rowOf(groups, group), away: null } : undefined,
    })),
    optOuts: (found.opt_outs ?? []).map((row) => rowOf(optOuts, row)),
    silences: holding(all, now),
    alerts: (found.alerts ?? []).map((row) => rowOf(alerts, row)),
    copies: (found.copies ?? []).map((row) => rowOf(copies, row)),
    tellings: found.tellings ?? [],
    says: (found.rules ?? []).map((row) => said(rowOf(rules, row))),
  };
}
