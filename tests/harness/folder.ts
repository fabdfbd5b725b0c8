// Temporary folders for tests: unique, and open enough for a server that runs as another user.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Makes a temporary folder. It can be entered by everybody: when the tests run as root, PostgreSQL runs as somebody
 * else, and a folder made by mkdtemp alone would send its data to the fallback place.
 */
export function temporaryFolder(name = 'test'): { path: string; remove(): void } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `tocsin-${name}-`));
  fs.chmodSync(folder, 0o755);
  return {
    path: folder,
    remove: () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}
