// Breaks one guard after the other in a copy of the tree, and runs the test that must notice.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '../../../src/sandbox/postgres/index.ts';
import { temporaryFolder } from '../../harness/folder.ts';
import { broken, type Mutation, misfit } from './mutation.ts';

/** `red`: the test noticed. `NOT CAUGHT`: it stayed green. `no verdict`: it did not run, or was red before. */
export interface Catch {
  mutation: Mutation;
  verdict: 'red' | 'NOT CAUGHT' | 'no verdict';
  /** What the test said, or why there is no verdict; one line. */
  says: string;
  seconds: number;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const copied = ['src', 'build', 'tests', 'drizzle', 'docs', 'package.json', 'tsconfig.json'];

/**
 * Runs the tests of all mutations once unbroken, then each broken, `sideBySide` at a time; one database server serves
 * them all.
 */
export async function hunt(
  mutations: readonly Mutation[],
  sideBySide: number,
  each: (caught: Catch) => void = () => {},
): Promise<Catch[]> {
  const folder = temporaryFolder('mutations');
  const server = await startEmbeddedPostgres({ dataDir: path.join(folder.path, 'database'), durable: false });
  const { host, port, user, password, database } = server.connection;
  const login = [user, ...(password === '' ? [] : [password])].map(encodeURIComponent).join(':');
  const url = `postgres://${login}@${encodeURIComponent(host)}:${port}/${database}`;
  try {
    const trees = Array.from({ length: sideBySide }, (_, i) => plant(path.join(folder.path, `tree${i}`)));
    const green = await run(trees[0]!, mutations, url);
    const found: Catch[] = [];
    const left = [...mutations];
    await Promise.all(
      trees.map(async (tree) => {
        for (let mutation = left.shift(); mutation; mutation = left.shift()) {
          const caught = await tryOne(tree, mutation, green, url);
          found.push(caught);
          each(caught);
        }
      }),
    );
    return mutations.map((mutation) => found.find((caught) => caught.mutation === mutation)!);
  } finally {
    await server.stop();
    folder.remove();
  }
}

function plant(tree: string): string {
  mkdirSync(tree);
  for (const name of copied) cpSync(path.join(root, name), path.join(tree, name), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(tree, 'node_modules'));
  return tree;
}

async function tryOne(tree: string, mutation: Mutation, green: Report, url: string): Promise<Catch> {
  const began = performance.now();
  const end = (verdict: Catch['verdict'], says: string): Catch => {
    const seconds = (performance.now() - began) / 1_000;
    return { mutation, verdict, says: says.split('\n')[0]!.slice(0, 160), seconds };
  };
  const file = path.join(tree, mutation.file);
  const source = readFileSync(file, 'utf8');
  const fault = misfit(mutation, source);
  if (fault) return end('no verdict', `the patch does not fit: ${fault}`);
  const before = testsOf(green, mutation);
  if (before.length === 0) return end('no verdict', 'there is no such test');
  const alreadyRed = before.find(({ status }) => status !== 'passed');
  if (alreadyRed)
    return end('no verdict', `red before: ${alreadyRed.failureMessages[0] ?? alreadyRed.status}`);
  writeFileSync(file, broken(mutation, source));
  try {
    const tests = testsOf(await run(tree, [mutation], url), mutation);
    const red = tests.find(({ status }) => status === 'failed');
    if (red) return end('red', red.failureMessages[0] ?? '');
    return tests.length === 0 ? end('no verdict', 'the broken tree does not load') : end('NOT CAUGHT', '');
  } finally {
    writeFileSync(file, source);
  }
}

interface Report {
  testResults: {
    name: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

function testsOf({ testResults }: Report, { test }: Mutation) {
  return testResults
    .filter(({ name }) => name.endsWith(test.file))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(
      ({ fullName, status }) => fullName.includes(test.name) && !['skipped', 'pending'].includes(status),
    );
}

/** Runs the named tests of these mutations in the tree. */
async function run(tree: string, mutations: readonly Mutation[], url: string): Promise<Report> {
  const files = [...new Set(mutations.map(({ test }) => test.file))];
  const names = [...new Set(mutations.map(({ test }) => test.name))].map((name) =>
    name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  const report = path.join(tree, 'report.json');
  rmSync(report, { force: true });
  const program = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const how = ['run', '--config', 'tests/vitest.config.ts', '--reporter=json', `--outputFile=${report}`];
  const child = spawn(process.execPath, [program, ...how, '-t', names.join('|'), ...files], {
    cwd: tree,
    env: { ...process.env, TEST_DATABASE_URL: url, NO_COLOR: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said += String(text);
  });
  await new Promise((resolve) => child.once('exit', resolve));
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as Report;
  } catch {
    throw new Error(`the tests did not run:\n${said.slice(-2_000)}`);
  }
}
