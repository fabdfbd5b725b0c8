// All that a change of alerts writes, and what evaluated it: one statement, its rows locked in the order in which they always are.
import { getTableColumns } from 'drizzle-orm';
import type { Alert, Transition } from '#core/alert.ts';
import { changesBell } from './changes.ts';
import type { Tx } from './connection.ts';
import { constant } from './constant.ts';
import { recordsOf } from './insert-many.ts';
import { type Processed, processedText } from './lanes.ts';
import type { Unsent } from './lastly.ts';
import { type RuleState, stateRecords, statesText } from './rule-states.ts';
import { alerts, transitions } from './schema/alerts.ts';
import { notifications } from './schema/notifications.ts';

/** What was evaluated, beside the alerts that change by it. */
export interface Evaluated {
  /** States that `lockStates` did not find: fails with 23505 when somebody was faster. */
  added: RuleState[];
  /** States that the transaction holds. */
  updated: RuleState[];
  processed: Processed[];
}

export interface Changes extends Evaluated {
  /** Each once, in its last form; one that has a later form already stays as it is. */
  alerts: Alert[];
  transitions: Transition[];
  /** Alerts to be followed up where their owner wants that. */
  watched: { alertId: string; ownerId: string }[];
  /** Those that are there already stay as they are. */
  told: Told[];
}

export type Told = Pick<
  typeof notifications.$inferInsert,
  'kind' | 'receiverId' | 'alertId' | 'alertRev' | 'severity' | 'status' | 'createdAt'
>;

/** Given at its birth; everything else may change in the life of an alert. */
const born: string[] = [
  'id',
  'ruleId',
  'ownerId',
  'key',
  'labels',
  'topic',
  'subject',
  'since',
] satisfies (keyof Alert)[];

const alertFields = Object.entries(getTableColumns(alerts));
const changing = alertFields.filter(([field]) => !born.includes(field)).map(([, { name }]) => name);

const alertRecords = recordsOf(
  alerts,
  alertFields.map(([field]) => field),
);
const transitionRecords = recordsOf(transitions, [
  ...(['alertId', 'rev', 'from', 'to', 'change', 'at', 'by', 'byRef', 'reading', 'seq', 'note'] as const),
] satisfies (keyof Transition)[]);
const toldRecords = recordsOf(notifications, [
  ...(['kind', 'receiverId', 'alertId', 'alertRev', 'severity', 'status', 'createdAt'] as const),
] satisfies (keyof Told)[]);

// Each part is counted in turn by the last line: so the rows are locked in this order, whatever the server makes of the rest.
// Whoever follows the changes live hears of them at the commit.
const statement = constant(`
  with updated as (
    update rule_states s set state = v.state, met = v.met, last_time = v.last_time, due_at = v.due_at, firings = v.firings
    from (${stateRecords('$1')}) v where s.rule_id = v.rule_id and s.key = v.key returning 1),
  added as (
    insert into rule_states (rule_id, key, state, met, last_time, due_at, firings) ${stateRecords('$2')} returning 1),
  changed as (
    insert into alerts ${alertRecords.select('$3')}
    on conflict (id) do update set ${changing.map((name) => `${name} = excluded.${name}`).join(', ')}
    where alerts.rev < excluded.rev returning 1),
  recorded as (insert into transitions ${transitionRecords.select('$4')} returning 1),
  watched as (
    insert into cares (alert_id, since, due_at)
    select w."alertId", $6::text::timestamptz, $6::text::timestamptz
      from json_to_recordset($5::text::json) as w("alertId" text, "ownerId" text)
      where exists (select 1 from people where id = w."ownerId" and care is not null offset 0)
        or exists (select 1 from groups where id = w."ownerId" and care is not null offset 0)
      order by w."alertId"
    on conflict (alert_id) do update set since = excluded.since, due_at = excluded.due_at, reminded = 0, escalated = 0
    returning 1),
  told as (insert into notifications ${toldRecords.select('$7')} on conflict do nothing returning 1),
  processed as (${processedText('$8', '$6')} returning 1)
  select (select count(*) from updated), (select count(*) from added), (select count(*) from changed),
    case when (select count(*) from recorded) > 0 then pg_notify('${changesBell}', '') end,
    (select count(*) from watched), (select count(*) from told), (select count(*) from processed)`);

/** The statement that writes all of it, unsent. */
export function writeChanges(tx: Tx, changes: Changes, now: number): Unsent<unknown> {
  const { updated, added, watched, told, processed } = changes;
  return statement(tx, [
    statesText(updated),
    statesText(added),
    alertRecords.text(changes.alerts),
    transitionRecords.text(changes.transitions),
    JSON.stringify(watched),
    new Date(now).toISOString(),
    toldRecords.text(told),
    JSON.stringify(processed),
  ]);
}

const processedAlone = constant(processedText('$1', '$2'));

/** What was evaluated where no alert changes by it: of usual events that they are processed, and nothing else. */
export function writeEvaluated(tx: Tx, evaluated: Evaluated, now: number): Unsent<unknown> | undefined {
  const { added, updated, processed } = evaluated;
  if (added.length + updated.length > 0)
    return writeChanges(tx, { ...evaluated, alerts: [], transitions: [], watched: [], told: [] }, now);
  if (processed.length === 0) return undefined;
  return processedAlone(tx, [JSON.stringify(processed), new Date(now).toISOString()]);
}
