// The first key: of processes that share a database one makes it, and nobody takes it from anybody.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { openFirstKey } from '../../src/app/first-key.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { type Door, openDoor } from '../ingest/door.ts';

const doors: Door[] = [];
const folders: ReturnType<typeof temporaryFolder>[] = [];
afterAll(async () => {
  for (const folder of folders) folder.remove();
  for (const door of doors) await door.close();
});

let door: Door;
beforeEach(async () => {
  door = await openDoor();
  doors.push(door);
  // As a database is before the first start.
  await door.database.sql`delete from keys`;
});

function home(): string {
  const folder = temporaryFolder('first-key');
  folders.push(folder);
  return folder.path;
}
const open = (dataDir: string, { given, alone = false }: { given?: string; alone?: boolean } = {}) => {
  door.clock.now += 1_000;
  return openFirstKey(door.world, { dataDir, given, alone }, door.clock.now);
};
const push = async (key = '') => (await door.post({ type: 'disk.usage' }, { key })).status;
const kept = (dataDir: string) => readFileSync(path.join(dataDir, 'first-key'), 'utf8').trim();

it('is made by one of several that begin together, each with a DATA_DIR of its own', async () => {
  const homes = [home(), home(), home()];
  const keys = await Promise.all(homes.map((dataDir) => open(dataDir)));
  const made = keys.filter((key) => key !== undefined);
  expect(made).toHaveLength(1);
  expect(await push(made[0])).toBe(202);
  expect(homes.filter((dataDir) => existsSync(path.join(dataDir, 'first-key')))).toHaveLength(1);
});

it('stays good when another process begins, and is the same after a restart', async () => {
  const first = home();
  const key = await open(first);
  expect(kept(first)).toBe(key);
  expect(await open(home())).toBeUndefined();
  expect(await push(key)).toBe(202);
  expect(await open(first)).toBe(key);
  expect(await push(key)).toBe(202);
});

it('is made anew where the file was taken away and nobody else has the database', async () => {
  const only = home();
  const before = await open(only, { alone: true });
  rmSync(path.join(only, 'first-key'));
  const after = await open(only, { alone: true });
  expect(after).not.toBe(before);
  expect([await push(before), await push(after)]).toEqual([401, 202]);
});

it('is the one that is given, and the one before is good no longer', async () => {
  const dataDir = home();
  const before = await open(dataDir);
  expect(await open(home(), { given: 'a-key-of-our-own-choice' })).toBe('a-key-of-our-own-choice');
  expect([await push(before), await push('a-key-of-our-own-choice')]).toEqual([401, 202]);
});
