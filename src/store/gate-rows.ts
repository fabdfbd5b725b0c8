// What the gates are asked about, by one question for all that is about to be sent: receivers, their owners and wishes, the
// alerts, who was told what, and what rules say.
import { type SQL, sql } from 'drizzle-orm';
import type { Alert } from '#core/alert.ts';
import type { Silence } from '#core/silence.ts';
import { at } from './at.ts';
import type { Reader } from './connection.ts';
import type { Copy } from './copies.ts';
import { type JsonRow, rowOf } from './json-rows.ts';
import type { Telling } from './notifications.ts';
import type { OptOut } from './opt-outs.ts';
import type { OwnerSays, Receiver } from './receivers.ts';
import { type RuleSays, said } from './rule-says.ts';
import { alerts } from './schema/alerts.ts';
import { copies } from './schema/notifications.ts';
import { groups, people } from './schema/people.ts';
import { optOuts, receivers } from './schema/receivers.ts';
import { rules } from './schema/rules.ts';
import { silences } from './schema/silences.ts';
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

/** What `gatesPart` answers. */
export type GateAnswer = {
  people: { receiver: JsonRow; person: JsonRow | null; group: JsonRow | null }[] | null;
  opt_outs: JsonRow[] | null;
  silences: JsonRow[] | null;
  alerts: JsonRow[] | null;
  copies: JsonRow[] | null;
  tellings: Telling[] | null;
  rules: JsonRow[] | null;
};

/** Of these receivers, each with an alert or none. */
export async function gateRows(
  db: Reader,
  wanted: { receiverId: string; alertId: string | null }[],
  now: number,
): Promise<GateRows> {
  const named = new Map(
    wanted.map(({ receiverId, alertId }) => [
      `${receiverId} ${alertId ?? ''}`,
      { r: receiverId, a: alertId },
    ]),
  );
  const pairs = sql`select r, a from json_to_recordset(${JSON.stringify([...named.values()])}::text::json) as w(r text, a text)`;
  const { before, answer } = gatesPart(pairs, now);
  const rows = await db.execute<{ gates: GateAnswer }>(sql`with ${before} select ${answer} as gates`);
  return readGates(rows[0]!.gates, now);
}

/**
 * The same as part of another question: what stands before it, behind `with`, and the answer as one value. `pairs` selects
 * receivers as `r`, each with an alert or none as `a`, none twice.
 */
export function gatesPart(pairs: SQL, now: number): { before: SQL; answer: SQL } {
  const before = sql`pairs as materialized (${pairs}),
    hearers as materialized (select * from receivers where id = any(array(select r from pairs))),
    about as materialized (select * from alerts where id = any(array(select a from pairs)))`;
  const answer = sql`json_build_object(
    'people', (select json_agg(json_build_object('receiver', to_json(h), 'person', to_json(p), 'group', to_json(g)))
      from hearers h left join people p on p.id = h.owner_id left join groups g on g.id = h.owner_id),
    'opt_outs', (select json_agg(to_json(o) order by o.created_at) from opt_outs o
      where o.owner_id = any(array(select owner_id from hearers))),
    'silences', (select json_agg(to_json(s) order by s.starts_at, s.id) from silences s
      where s.owner_id = any(array(select owner_id from hearers))
        and s.ends_at > ${at(now)}),
    'alerts', (select json_agg(to_json(a)) from about a),
    'copies', (select json_agg(to_json(c)) from pairs w join copies c on c.alert_id = w.a and c.receiver_id = w.r),
    'tellings', (select json_agg(json_build_object('id', n.id, 'kind', n.kind, 'severity', n.severity, 'status', n.status,
        'receiverId', n.receiver_id, 'alertId', n.alert_id) order by n.id)
      from pairs w join notifications n on n.alert_id = w.a and n.receiver_id = w.r
      where n.status in ('ready', 'sending', 'retry', 'unknown', 'sent')),
    'rules', (select json_agg(to_json(r)) from rules r where r.id = any(array(select rule_id from about))
      and (r.options ? 'shadow' or r.options ? 'unless')))`;
  return { before, answer };
}

/** The answer of the question as rows; silences that hold at `now`. */
export function readGates(found: GateAnswer, now: number): GateRows {
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
