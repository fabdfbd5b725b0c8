// Once per test run: one database server and one template with all migrations applied.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { claim } from '../../src/sandbox/postgres/claim.ts';
import { type Connection, startEmbeddedPostgres } from '../../src/sandbox/postgres/index.ts';
import { stopOrphan } from '../../src/sandbox/postgres/orphan.ts';
import { temporaryFolder } from './folder.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The administrator's connection; `template` is the database that fresh ones are copied from. */
    database: { admin: Connection; template: string };
  }
}

/** Starts the server (or uses TEST_DATABASE_URL's), and returns what ends it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer();
  const template = `tocsin_template_${process.pid}`;
  const admin = postgres({ ...server.connection, max: 1, onnotice: () => {} });
  try {
    await admin.unsafe(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    await admin.unsafe(`CREATE DATABASE ${template}`);
    await applyMigrations({ ...server.connection, database: template });
  } catch (error) {
    await admin.end();
    await server.stop();
    throw error;
  }
  project.provide('database', { admin: server.connection, template });
  return async () => {
    await admin.unsafe(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    await admin.end();
    await server.stop();
  };
}

async function startServer(): Promise<{ connection: Connection; stop(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { connection: connectionOf(given), stop: async () => {} };
  await sweepDeadRuns();
  const folder = temporaryFolder('database');
  const server = await startEmbeddedPostgres({ dataDir: folder.path, durable: false });
  return {
    connection: server.connection,
    stop: async () => {
      await server.stop();
      folder.remove();
    },
  };
}

// A run that was killed leaves its server running: stop it, as the application would its own.
async function sweepDeadRuns(): Promise<void> {
  for (const name of readdirSync(os.tmpdir()).filter((n) => n.startsWith('tocsin-database-'))) {
    const folder = path.join(os.tmpdir(), name);
    const data = path.join(folder, 'postgres');
    // Without a cluster it may be a run that is only just starting.
    if (!existsSync(path.join(data, 'cluster'))) continue;
    try {
      claim(data);
      await stopOrphan(path.join(data, 'cluster'));
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another run that is alive, or another user's.
    }
  }
}

async function applyMigrations(connection: Connection): Promise<void> {
  const file = new URL('../../src/store/migrate.ts', import.meta.url);
  // The store may not be written yet; tests that need its tables will say so themselves.
  if (!existsSync(file)) return;
  const { migrate } = (await import(file.href)) as { migrate: (options: Connection) => Promise<unknown> };
  await migrate(connection);
}

function connectionOf(given: string): Connection {
  const url = new URL(given);
  return {
    host: decodeURIComponent(url.hostname),
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1) || 'postgres',
  };
}
