// What is known around alerts that are to be worded, by one question however many they are.
import { sql } from 'drizzle-orm';
import type { Alert } from '#core/alert.ts';
import type { Action } from './actions.ts';
import { among } from './among.ts';
import { at } from './at.ts';
import type { Pair } from './copies.ts';
import type { Line } from './in-a-row.ts';
import { type JsonRow, rowOf } from './json-rows.ts';
import { actions } from './schema/actions.ts';
import { alerts } from './schema/alerts.ts';
import { type Worded, type WordingRows, wordingPart, wordingsIn } from './templates.ts';

export interface Said {
  text: string;
  by: string;
  at: number;
}

/** An alert as it is, and what else is known of it. */
export interface Pictured {
  alert: Alert;
  /** How often its rule and key fired, itself included; a hundred at most are counted. */
  occurrences: number;
  /** What came of the last act. */
  acted: Said | undefined;
  /** The last words that somebody left at it. */
  noted: Said | undefined;
  /** Its last end, where it is over. */
  closing: { by: string | null; note: string | null } | undefined;
  wording: Worded;
}

export interface Pictures {
  /** By id, those that exist. */
  alerts: Map<string, Pictured>;
  heard(pair: Pair): boolean;
  actions: Action[];
}

/** Around these alerts, and whether each receiver has heard of its own. Times fired are counted from `since` on. */
export async function picturesIn(db: Line, pairs: Pair[], since: number): Promise<Pictures> {
  const ids = [...new Set(pairs.map(({ alertId }) => alertId))];
  const named = JSON.stringify(pairs.map(({ alertId, receiverId }) => ({ a: alertId, r: receiverId })));
  const mostTimes = 100;
  const rows = await db.execute<
    WordingRows & {
      alerts:
        | {
            alert: JsonRow;
            times: number;
            said: { change: string; text: string | null; by: string | null; at: string }[] | null;
            closing: { by: string | null; note: string | null } | null;
          }[]
        | null;
      heard: [string, string][] | null;
      actions: JsonRow[] | null;
    }
  >(sql`
    with known as materialized (select * from alerts where ${among(sql`id`, ids)})
    select (select json_agg(json_build_object('alert', to_json(a),
      'times', (select count(*) from (select 1 from alerts o where o.rule_id = a.rule_id and o.key = a.key
        and o.since >= ${at(since)} and o.fired_at is not null limit ${mostTimes}::int) x),
      'said', (select json_agg(x) from (select distinct on (t.change) t.change, t.note as text, t.by, t.at
        from transitions t where t.alert_id = a.id and t.change in ('acted', 'noted')
        order by t.change, t.rev desc) x),
      'closing', case when a.status = 'resolved' then (select json_build_object('note', t.note, 'by', t.by) from transitions t
        where t.alert_id = a.id and t."to" = 'resolved' and t.change <> 'noted' order by t.rev desc limit 1) end)) from known a) as alerts,
    (select json_agg(json_build_array(c.receiver_id, c.alert_id)) from json_to_recordset(${named}::text::json) as w(a text, r text)
      join copies c on c.alert_id = w.a and c.receiver_id = w.r) as heard,
    (select json_agg(to_json(x) order by x.name) from actions x) as actions,
    ${wordingPart(sql`(select rule_id from known)`, sql`(select topic from known)`)}`);
  const { alerts: found, heard, actions: kept, ...words } = rows[0]!;
  const all = (found ?? []).map((one) => ({ ...one, alert: rowOf(alerts, one.alert) }));
  const wordings = wordingsIn(
    words,
    all.map(({ alert }) => alert),
  );
  const has = new Set((heard ?? []).map(([receiverId, alertId]) => `${receiverId} ${alertId}`));
  return {
    alerts: new Map(
      all.map(({ alert, times, said, closing }, i): [string, Pictured] => [
        alert.id,
        {
          alert,
          occurrences: times,
          acted: lastOf(said, 'acted'),
          noted: lastOf(said, 'noted'),
          closing: closing ?? undefined,
          wording: wordings[i]!,
        },
      ]),
    ),
    heard: ({ receiverId, alertId }) => has.has(`${receiverId} ${alertId}`),
    actions: (kept ?? []).map((row) => rowOf(actions, row)),
  };
}

function lastOf(
  said: { change: string; text: string | null; by: string | null; at: string }[] | null,
  change: string,
): Said | undefined {
  const one = said?.find((other) => other.change === change);
  return one && { text: one.text ?? '', by: one.by ?? 'somebody', at: Date.parse(one.at) };
}
