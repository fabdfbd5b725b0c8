// Which Tocsin this is, as its package says.
import { readFileSync } from 'node:fs';

const manifest = new URL('../../package.json', import.meta.url);

/** `tocsin 0.1.0` */
export function ownVersion(): string {
  const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as { name: string; version: string };
  return `${name} ${version}`;
}
