// The embedded default's database: a real PostgreSQL that is started, found again and stopped by the application.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { findBinaries } from './binaries.ts';
import { claim } from './claim.ts';
import { DATABASE, ensureCluster, USER } from './cluster.ts';
import { stopOrphan, stopServer } from './orphan.ts';
import { choosePlace } from './place.ts';
import { lastLines, startServer } from './server.ts';
import { makeSocketFolder, removeSocketFolder, sweepSocketFolders } from './sockets.ts';

export { CannotStart } from './cannot-start.ts';

/** How to connect, in the form that both `postgres(...)` and `new pg.Pool(...)` take. */
export interface Connection {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

export interface EmbeddedPostgres extends Connection {
  connection: Connection;
  /** For psql and pg. The postgres package understands no URL with a socket folder: give it `connection`. */
  url: string;
  pid: number;
  /** The folder with the files and the server's log. */
  folder: string;
  /** One sentence for the operator when the data is not where DATA_DIR says. */
  notice: string | undefined;
  /** True when a server that had outlived its application was stopped first. */
  tookOver: boolean;
  /** Ends the server (fast shutdown) and gives the data folder back. Safe to call twice. */
  stop(): Promise<void>;
  /** Calls back when the server ends without having been asked to. */
  onExit(callback: (exit: { code: number | null; signal: string | null; log: string }) => void): void;
}

/**
 * Starts PostgreSQL on `<dataDir>/postgres`, creating it on first use. Throws an error with a readable sentence when
 * it cannot. `durable: false` skips waiting for the disk: for tests only.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  durable?: boolean;
}): Promise<EmbeddedPostgres> {
  const durable = options.durable ?? true;
  const { folder, account, notice } = choosePlace(options.dataDir);
  const release = claim(folder);
  let socketFolder: string | undefined;
  const tidy = () => {
    if (socketFolder !== undefined) removeSocketFolder(socketFolder);
    release();
  };
  try {
    const tookOver = (await stopOrphan(path.join(folder, 'cluster'))) === 'stopped';
    const binaries = findBinaries(folder, account);
    const cluster = await ensureCluster(folder, binaries, account, durable);
    sweepSocketFolders(account);
    const isWindows = process.platform === 'win32';
    socketFolder = isWindows ? undefined : makeSocketFolder(account);
    const port = isWindows ? await freePort() : 5432;
    const log = path.join(folder, 'server.log');
    const child = await startServer(cluster, log, binaries, account, { socketFolder, port, durable });
    const pid = child.pid as number;

    const connection: Connection = {
      host: socketFolder ?? '127.0.0.1',
      port,
      user: USER,
      password: isWindows ? fs.readFileSync(path.join(folder, 'password'), 'utf8') : '',
      database: DATABASE,
    };
    const callbacks: ((exit: { code: number | null; signal: string | null; log: string }) => void)[] = [];
    let stopping: Promise<void> | undefined;
    const stopAtExit = () => child.kill('SIGINT');
    process.once('exit', stopAtExit);
    child.once('exit', (code, signal) => {
      process.removeListener('exit', stopAtExit);
      if (stopping) return;
      tidy();
      for (const callback of callbacks) callback({ code, signal, log: lastLines(log) });
    });
    const isOver = () => child.exitCode !== null || child.signalCode !== null;

    return {
      ...connection,
      connection,
      url: urlOf(connection),
      pid,
      folder,
      notice,
      tookOver,
      stop() {
        stopping ??= (async () => {
          if (isOver()) return;
          // Nothing else may be left that keeps us alive until we hear of its end.
          child.ref();
          const exited = new Promise((resolve) => child.once('exit', resolve));
          await stopServer(pid);
          await exited;
          tidy();
        })();
        return stopping;
      },
      onExit: (callback) => void callbacks.push(callback),
    };
  } catch (error) {
    tidy();
    throw error;
  }
}

function urlOf({ host, port, user, password, database }: Connection): string {
  const login = password === '' ? user : `${user}:${password}`;
  return `postgres://${login}@${encodeURIComponent(host)}:${port}/${database}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
