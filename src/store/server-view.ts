// Asks the server, over a connection of its own, what it knows of other connections of ours.
import net from 'node:net';
import postgres from 'postgres';
import { follow } from './unanswered.ts';

/** What the driver tells of where to connect. */
export interface Place {
  host: string[];
  port: number[];
  user: string;
  pass: string | (() => string | Promise<string>) | null;
  database: string;
  ssl?: unknown;
}

/** One connection as the server sees it. */
export interface View {
  pid: number;
  /** True: it waits for us. False: it computes, or waits for a lock or the disk. Null: it does not say. */
  waits: boolean | null;
  /** Since when, by the server's clock; another text is another moment. */
  since: string;
}

/**
 * What the server says of these processes; those it does not name are gone. Undefined when it does not say so in time, or
 * when something stands between that names processes of its own. With the means to end some.
 */
export async function viewOf<Result>(
  place: Place,
  pids: number[],
  ms: number,
  judge: (views: Map<number, View> | undefined, end: (views: View[]) => Promise<unknown>) => Promise<Result>,
): Promise<Result> {
  let own: () => number | undefined = () => undefined;
  const sql = postgres({
    host: place.host[0]!,
    port: place.port[0]!,
    username: place.user,
    password: place.pass ?? '',
    database: place.database,
    max: 1,
    connect_timeout: Math.max(1, ms / 1_000),
    fetch_types: false,
    prepare: false,
    onnotice: () => {},
    connection: { application_name: 'tocsin watch' },
    socket: () => {
      const socket = net.connect(place.port[0]!, place.host[0]!);
      own = follow(socket).pid;
      return socket;
    },
  } as postgres.Options<Record<string, never>>);
  const overdue = setTimeout(() => void sql.end({ timeout: 0 }).catch(() => {}), ms);
  overdue.unref();
  const look = async () => {
    const rows = await sql<(View & { own: number })[]>`
      select pid, state_change::text as since, pg_backend_pid() as own,
        case when state like 'idle%' then true
          when state = 'active' then coalesce(wait_event_type, '') = 'Client' and query not ilike 'copy %' end as waits
      from pg_stat_activity where pid = any (${`{${pids.join()}}`}::int[]) or pid = pg_backend_pid()`;
    if (rows[0] === undefined || rows[0].own !== own()) return undefined;
    return new Map(rows.map((row) => [row.pid, row]));
  };
  const end = (views: View[]) =>
    Promise.all(
      views.map(
        ({ pid, since }) => sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where pid = ${pid}::int and usename = current_user and state_change::text = ${since}`,
      ),
    );
  try {
    return await judge(await look().catch(() => undefined), end);
  } finally {
    clearTimeout(overdue);
    await sql.end({ timeout: 0 }).catch(() => {});
  }
}
