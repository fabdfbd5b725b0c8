// The verdict on a river that was tortured: what is lost, reordered or repeated, by the ledger, by Telegram, by the doctor.
import type { LedgerEntry } from '#sandbox/telegram/index.ts';
import { openDatabase } from '#store/connection.ts';
import { examine } from '#store/doctor.ts';
import { until } from '../harness/until.ts';
import { type Accepted, expectedChanges } from './river.ts';
import { atMost, exactly, holds, type Row, told } from './scenarios/scenario.ts';
import type { Stage } from './stage.ts';

/** Waits until nothing waits: no event, no timer that is due, no notification, no message that shows an old state. */
export async function quiet(stage: Stage, ms = 120_000): Promise<void> {
  await until(
    'nothing waits',
    async () => {
      const waiting = await stage.ledger.sql()`
        select 'event' as what, seq::text as id, lane::text as state from events where processed_at is null
        union all select 'notification', id::text, kind || ' ' || status || ' ' || coalesce(not_before::text, '')
          from notifications where status not in ('sent','suppressed','dead')
        union all select 'attempt', id::text, address from deliveries where outcome = 'sending'
        union all select 'update', update_id::text, chat_key from updates where done_at is null
        union all select 'edit', alert_id || ' ' || receiver_id, shown_rev || ' of ' || wanted_rev
          from copies where shown_rev < wanted_rev and message_id is not null limit 10`;
      if (waiting.length > 0) throw new Error(JSON.stringify(waiting));
      return true;
    },
    ms,
  ).catch(async (error: Error) => {
    throw new Error(`${error.message}\n${await atWork(stage)}`);
  });
}

/** Who holds up whom in the ledger: for whoever asks why something still waits. */
async function atWork({ ledger }: Stage): Promise<string> {
  const rows = await ledger.sql()`
    select pid, application_name as name, state, wait_event_type || ' ' || wait_event as waits,
      pg_blocking_pids(pid)::text as held_by, round(extract(epoch from now() - xact_start))::int as seconds, left(query, 120) as query
    from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'
      and (state <> 'idle' or cardinality(pg_blocking_pids(pid)) > 0) order by xact_start`;
  return rows.map((row) => JSON.stringify(row)).join('\n');
}

/** What the promises say about a river whose events were all accepted. Wait until it is quiet first. */
export async function judge(stage: Stage, accepted: Accepted[]): Promise<Row[]> {
  const { lost, reordered, untold } = await comparedWithModel(stage, accepted);
  const { unmarked, marked, doubtful, examples } = await repeats(stage);
  const wrong = await wrongs(stage);
  return [
    told('events accepted', accepted.length),
    exactly('events lost', lost, 0),
    exactly('changes lost, made up or reordered', reordered, 0),
    exactly('alerts nobody was told of', untold.length, 0),
    ...untold.slice(0, 3).map(({ name, instead }) => told('  such as', `${name}: ${instead}`)),
    exactly('unmarked repeats', unmarked, 0),
    ...examples.map((text) => told('  such as', text)),
    atMost('marked repeats, of attempts whose end nobody knows', marked, doubtful),
    holds('the doctor finds nothing wrong', wrong.length === 0, wrong.join('; ')),
  ];
}

/** What the doctor finds wrong, without any grace; each minute a canary is on its way, which a second look finds no more. */
export async function wrongs(stage: Stage): Promise<string[]> {
  const first = await asked(stage);
  if (first.length === 0) return [];
  await quiet(stage, 30_000);
  return asked(stage);
}

async function asked({ ledger }: Stage): Promise<string[]> {
  const { host, port, database, user } = ledger.sql().options;
  const place = { host: String(host), port: Number(port), database, user };
  const own = openDatabase(place, 2);
  try {
    const findings = await examine(own, Date.now(), 0);
    return findings
      .filter(({ weight }) => weight === 'wrong')
      .map(({ check, count }) => `${count} × ${check}`);
  } finally {
    await own.close();
  }
}

async function comparedWithModel({ ledger }: Stage, accepted: Accepted[]) {
  const sql = ledger.sql();
  const [stored] = await sql`select count(*)::int as rows, count(distinct event_id)::int as ids,
    count(quarantined)::int as aside from events where type like 'disk.%'`;
  const { rows, ids, aside } = stored as unknown as { rows: number; ids: number; aside: number };
  const missing = accepted.length - ids;
  const changes = await sql<{ name: string; change: string }[]>`
    select a.topic || ' ' || a.subject as name, t.change from transitions t join alerts a on a.id = t.alert_id
    where a.topic like 'disk.%' and t.change in ('fired','resolved') order by t.seq, t.id`;
  const made = new Map<string, string[]>();
  for (const { name, change } of changes) made.set(name, [...(made.get(name) ?? []), change]);
  const wanted = expectedChanges(accepted);
  const keys = new Set([...made.keys(), ...wanted.keys()]);
  const reordered = [...keys].filter(
    (name) => String(made.get(name) ?? []) !== String(wanted.get(name) ?? []),
  );
  const untold = await sql<{ name: string; instead: string }[]>`
    select a.topic || ' ' || a.subject as name, coalesce((select string_agg(concat_ws(' ', n.kind, n.status, n.reason, n.detail), ', ')
      from notifications n where n.alert_id = a.id), 'nothing') as instead
    from transitions t join alerts a on a.id = t.alert_id
    where t.change = 'fired' and a.topic like 'disk.%' and not exists (select 1 from notifications n
      where n.alert_id = a.id and n.kind = 'firing' and (n.status = 'sent' or n.reason in ('in-summary', 'over')))`;
  return { lost: missing + (rows - ids) + aside, reordered: reordered.length, untold };
}

/** The alerts' messages that arrived, in the words of Telegram's own ledger. */
export function messagesIn(calls: LedgerEntry[]): LedgerEntry[] {
  return calls.filter(
    ({ ok, method, params }) =>
      ok && method === 'sendMessage' && /^(<i>[^<]*<\/i>\n)?[🔴🟠🔵✅]/u.test(String(params.text)),
  );
}

async function repeats({ ledger, telegram }: Stage) {
  const messages = messagesIn(await telegram.telegram.ledger());
  const seen = new Map<string, number>();
  let marked = 0;
  for (const { chatId, params } of messages) {
    const text = String(params.text);
    if (/possible repeat/.test(text)) {
      marked += 1;
      continue;
    }
    // “3 s ago” differs from one repeat to the next; the instant behind it does not.
    const words = `${chatId} ${text.replace(/(format="r">)[^<]*/g, '$1')}`;
    seen.set(words, (seen.get(words) ?? 0) + 1);
  }
  const [attempts] = await ledger.sql()`
    select count(*) filter (where outcome = 'unknown')::int as doubtful,
      (select count(*)::int from (select 1 from deliveries where outcome in ('sent','unknown')
        group by notification_id having count(*) filter (where not marked) > 1) x) as unmarked from deliveries`;
  const { doubtful, unmarked } = attempts as unknown as { doubtful: number; unmarked: number };
  const said = [...seen.values()].reduce((sum, count) => sum + count - 1, 0);
  const examples = [...seen].flatMap(([words, count]) =>
    count > 1 ? [`${count} × ${words.replaceAll('\n', ' ↵ ')}`] : [],
  );
  return { unmarked: said + unmarked, marked, doubtful, examples: examples.slice(0, 3) };
}
