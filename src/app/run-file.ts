// DATA_DIR/run.json: where the running program can be found, for the command line.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseAddress } from '#store/connection.ts';

export interface RunFile {
  pid: number;
  startedAt: number;
  url?: string;
  /** Only of the embedded server: a folder on this machine, no secret. */
  database?: DatabaseAddress;
  botUsername?: string;
}

/** Writes it as a whole, readable by this user alone. */
export function writeRunFile(dataDir: string, run: RunFile): void {
  const file = path.join(dataDir, 'run.json');
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** What the last start wrote, whether or not it is still running; undefined when there is none. */
export function readRunFile(dataDir: string): RunFile | undefined {
  try {
    return JSON.parse(readFileSync(path.join(dataDir, 'run.json'), 'utf8')) as RunFile;
  } catch {
    return undefined;
  }
}

/** Removes it when it is this process's own. */
export function removeRunFile(dataDir: string, pid: number): void {
  if (readRunFile(dataDir)?.pid === pid) rmSync(path.join(dataDir, 'run.json'), { force: true });
}
