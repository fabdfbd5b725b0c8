// An example's own files in a story: its scripts run against the world over a real port, its rules are imported, its chat lines said.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { serve } from '@hono/node-server';
import type { Person } from './actors.ts';
import { until } from './until.ts';
import type { StoryWorld } from './world.ts';

export interface ExampleFiles {
  /** Where the world answers. */
  url: string;
  /** Runs a script of the example with `sh`, as its README says; resolves with what it printed, once all of it has happened. */
  runs(script: string, ...args: string[]): Promise<string>;
  /** The same with more of the environment. */
  runsWith(variables: Record<string, string>, script: string, ...args: string[]): Promise<string>;
  /** Imports a file of rules for somebody, over HTTP. */
  imports(file: string, owner: Person): Promise<void>;
  /** The lines of the README that are said in the chat and contain this text; at least one. */
  lines(containing?: string): string[];
  /** A request with the key of the scope `admin`. */
  asks(path: string, method?: string, body?: unknown): Promise<never>;
  read(file: string): string;
  /** Starts a program of the example that goes on until `close`, and waits until it listens. */
  starts(
    program: string,
    variables: Record<string, string>,
  ): Promise<{ lines(): string[]; stop(): Promise<void> }>;
  close(): Promise<void>;
}

/** Opens `examples/<name>` on this world. */
export async function openExample(name: string, world: StoryWorld): Promise<ExampleFiles> {
  const folder = path.join('examples', name);
  const server = serve({ fetch: (request) => world.app.fetch(request), hostname: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');
  const readme = read('README.md');

  const runsWith = async (variables: Record<string, string>, script: string, ...args: string[]) => {
    if (!readme.includes(script)) throw new Error(`the README of ${name} says nothing of ${script}`);
    const program = script.endsWith('.mjs') ? process.execPath : 'sh';
    const shell = spawn(program, [path.join(folder, script), ...args], {
      env: { PATH: process.env.PATH ?? '', TOCSIN_URL: url, TOCSIN_KEY: world.key, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const stream of [shell.stdout, shell.stderr])
      stream.on('data', (text) => {
        printed += String(text);
      });
    const [code] = (await once(shell, 'close')) as [number | null];
    if (code !== 0) throw new Error(`${script} ended with ${code}: ${printed}`);
    await world.settle();
    return printed;
  };
  const asks = async (where: string, method = 'GET', body?: unknown, type = 'application/json') => {
    const headers = { authorization: `Bearer ${world.key}`, 'content-type': type };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(url + where, {
      method,
      headers,
      ...(body === undefined ? {} : { body: text }),
    });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${where} (${answer.status}): ${said}`);
    await world.settle();
    return (said === '' ? undefined : JSON.parse(said)) as never;
  };
  const running: { stop(): Promise<void> }[] = [];
  return {
    url,
    read,
    async starts(program, variables) {
      const child = spawn(process.execPath, [path.join(folder, program)], {
        env: { PATH: process.env.PATH ?? '', ...variables },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let printed = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (text) => {
          printed += String(text);
        });
      const stop = async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exit = once(child, 'exit');
        child.kill('SIGTERM');
        await exit;
      };
      running.push({ stop });
      await until(`${program} listens`, () => {
        if (child.exitCode !== null) throw new Error(`the program ended: ${printed}`);
        return printed.includes('listening');
      });
      return { lines: () => printed.trim().split('\n'), stop };
    },
    runsWith,
    runs: (script, ...args) => runsWith({}, script, ...args),
    asks,
    imports: async (file, { id }) =>
      void (await asks(`/v1/rules?owner=telegram:${id}`, 'POST', read(file), 'application/yaml')),
    lines(containing = '') {
      const said = [...readme.matchAll(/^(\/[a-z]+ .*)$/gm), ...readme.matchAll(/`(\/[a-z]+ [^`]*)`/g)]
        .map(([, line]) => line!)
        .filter((line) => line.includes(containing));
      if (said.length === 0) throw new Error(`the README of ${name} has no line with ${containing}`);
      return said;
    },
    async close() {
      for (const one of running) await one.stop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
