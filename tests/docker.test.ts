// The container files: clean for two linters, no secret in them, nobody is root, and both linters can find faults.
import fs from 'node:fs';
import path from 'node:path';
import { DCLinter } from 'dclint';
import dockerfileTools from 'dockerfile-utils';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { variables } from '#config/variables.ts';
import { temporaryFolder } from './harness/folder.ts';

const docker = new URL('../docker', import.meta.url).pathname;
const dockerfile = fs.readFileSync(path.join(docker, 'Dockerfile'), 'utf8');
const compose = fs.readFileSync(path.join(docker, 'compose.yaml'), 'utf8');

function composeFaults(file: string): string[] {
  // Its own declarations do not resolve under NodeNext.
  const linter: {
    lintFiles(files: string[], deep: boolean): { messages: { line: number; message: string }[] }[];
  } = new DCLinter({ rules: {}, quiet: false, debug: false, exclude: [] });
  return linter
    .lintFiles([file], false)
    .flatMap((result) => result.messages.map((m) => `${m.line}: ${m.message}`));
}

const dockerfileFaults = (text: string) => dockerfileTools.validate(text).map((fault) => fault.message);

/** Instructions with continued lines joined and comments left out. */
const instructions = (text: string) =>
  text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter(Boolean);

it('compose.yaml has no findings, and a faulty one has', () => {
  expect(composeFaults(path.join(docker, 'compose.yaml'))).toEqual([]);
  const folder = temporaryFolder('compose');
  const faulty = path.join(folder.path, 'compose.yaml');
  fs.writeFileSync(faulty, compose.replace('redis:7-bookworm', 'redis').replace("'127.0.0.1:", "'"));
  expect(composeFaults(faulty)).toHaveLength(2);
  fs.writeFileSync(faulty, compose.replace('restart: unless-stopped', 'restart: perhaps\n    colour: red'));
  expect(composeFaults(faulty).join()).toMatch(/colour|additional propert/i);
  folder.remove();
});

it('the Dockerfile has no findings, and a faulty one has', () => {
  expect(dockerfileFaults(dockerfile)).toEqual([]);
  expect(dockerfileFaults(dockerfile.replace('EXPOSE 8080', 'EXPOSE http port'))).not.toEqual([]);
  expect(dockerfileFaults(dockerfile.replace('--interval=30s', '--intervall=30s'))).not.toEqual([]);
});

it('the image runs as an ordinary user, copies only what the ignore file lets in, and asks its own health', () => {
  const last = instructions(dockerfile).slice(
    instructions(dockerfile).findLastIndex((line) => line.startsWith('FROM')),
  );
  expect(last.findLast((line) => line.startsWith('USER'))).toMatch(/^USER [1-9]\d*(:[1-9]\d*)?$/);
  expect(last.find((line) => line.startsWith('HEALTHCHECK'))).toContain('/healthz');
  const letIn = [
    ...fs.readFileSync(path.join(docker, 'Dockerfile.dockerignore'), 'utf8').matchAll(/^!(.+)$/gm),
  ].map((m) => m[1]);
  const copied = instructions(dockerfile)
    .filter((line) => line.startsWith('COPY') && !line.includes('--from'))
    .flatMap((line) => line.split(/\s+/).slice(1, -1));
  expect([...new Set(copied)].sort()).toEqual([...letIn].sort());
  for (const name of copied) expect(fs.existsSync(path.join(docker, '..', name)), name).toBe(true);
  expect(dockerfile).not.toMatch(/(TOKEN|PASSWORD|SECRET|KEYS?)=/);
});

it('compose.yaml takes secrets from outside, gives only variables that exist, and keeps Redis from forgetting', () => {
  const { services } = parse(compose) as {
    services: Record<
      string,
      { environment?: Record<string, string>; command?: string[]; healthcheck?: object; image?: string }
    >;
  };
  for (const { environment = {} } of Object.values(services)) {
    for (const [name, value] of Object.entries(environment)) {
      if (/TOKEN|PASSWORD|SECRET|KEY/.test(name)) expect(value, name).toMatch(/^\$\{[A-Z_]+:\?.+\}$/);
      expect(value).not.toMatch(/:\/\/[^:/@]*:(?!\$\{)[^@/]*@/);
    }
  }
  expect(services.redis?.command?.join(' ')).toContain('--maxmemory-policy noeviction');
  expect(services.redis?.command?.join(' ')).toContain('--appendonly yes');
  for (const name of ['postgres', 'redis']) expect(services[name]?.healthcheck, name).toBeDefined();

  const known = Object.keys(variables);
  for (const name of Object.keys(services.app?.environment ?? {})) expect(known).toContain(name);
});
