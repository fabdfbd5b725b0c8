// A PostgreSQL of one's own for a torture: reached through a proxy, and stopped as a power cut would stop it.
import path from 'node:path';
import postgres from 'postgres';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#sandbox/postgres/index.ts';
import { type ChaosProxy, startChaosProxy } from './chaos-proxy.ts';

export interface Ledger {
  /** What leads to it; the program's connections all go through here. */
  readonly proxy: ChaosProxy;
  /** For DATABASE_URL, through the proxy. */
  readonly url: string;
  /** Past the proxy. A new one after each start of the server. */
  sql(): postgres.Sql;
  /** Every process is told to drop everything at once; nothing is written but what was committed. */
  crash(): Promise<void>;
  /** Starts it again on the same files. */
  start(): Promise<void>;
  /** False when it has ended, by itself or not. */
  isUp(): boolean;
  /** The server's process, whose children serve the connections. */
  pid(): number;
  stop(): Promise<void>;
}

/** Starts the server with its real settings: it waits for the disk. */
export async function startLedger(dataDir: string): Promise<Ledger> {
  let server: EmbeddedPostgres;
  let isUp = false;
  let sql: postgres.Sql | undefined;
  let proxy: ChaosProxy | undefined;
  const start = async () => {
    server = await startEmbeddedPostgres({ dataDir });
    isUp = true;
    server.onExit(() => {
      isUp = false;
    });
    const target = { path: path.join(server.host, `.s.PGSQL.${server.port}`) };
    if (proxy) proxy.lead(target);
    else proxy = await startChaosProxy(target);
  };
  const forget = async () => {
    const old = sql;
    sql = undefined;
    await old?.end({ timeout: 0 }).catch(() => {});
  };
  await start();
  return {
    proxy: proxy!,
    url: `postgres://${server!.user}@127.0.0.1:${proxy!.port}/${server!.database}`,
    sql() {
      sql ??= postgres({ ...server.connection, max: 3, onnotice: () => {} });
      return sql;
    },
    async crash() {
      await forget();
      const { pid } = server;
      const gone = new Promise<void>((resolve) => server.onExit(() => resolve()));
      process.kill(pid, 'SIGQUIT');
      await gone;
    },
    async start() {
      await forget();
      await start();
    },
    isUp: () => isUp,
    pid: () => server.pid,
    async stop() {
      await forget();
      await proxy!.close();
      await server.stop();
    },
  };
}
