// What the clock does each minute beside the canary: one part that cannot be done keeps no other from being done.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bindAudit } from '#store/audit-chain.ts';
import { openKeyring } from '#store/keyring.ts';
import { readAuditHead, rememberAuditHead } from '../../src/app/audit-head.ts';
import { startCanary } from '../../src/app/canary.ts';
import { until } from '../harness/until.ts';
import { type StoryWorld, startWorld } from '../harness/world.ts';

let story: StoryWorld;
beforeEach(async () => {
  story = await startWorld();
});
afterEach(() => story.stop());

it('a trail that cannot be bound keeps nothing else from being forgotten', async () => {
  const { world } = story.rooms;
  const { sql } = world.database;
  await sql`insert into audit (at, actor, verb, target) values (now(), 'clock', 'x', 'y')`;
  const old = new Date(story.now() - 3 * 86_400_000).toISOString();
  await sql`insert into updates (update_id, chat_key, payload, received_at, done_at) values (1, '7', '{}', ${old}, ${old})`;
  let at = story.now();
  const keyless = { ...world, keyring: openKeyring([]) };
  const canary = await startCanary(
    keyless,
    () => true,
    () => at,
  );
  at += 60_000;
  await until('the old update is gone', async () => (await sql`select 1 from updates`).length === 0);
  canary.stop();
});

it('remembers in DATA_DIR where the trail ends, and keeps that when it was cut back', async () => {
  const { world } = story.rooms;
  const { sql } = world.database;
  const dataDir = mkdtempSync(path.join(tmpdir(), 'tocsin-head-'));
  const said: string[] = [];
  const log = { ...world.log, error: (_what: unknown, text?: string) => void said.push(text ?? '') };
  const remember = () => rememberAuditHead(world, dataDir, log, false);
  const act = async () => {
    await sql`insert into audit (at, actor, verb, target) values (now(), 'clock', 'x', 'y')`;
    await world.database.db.transaction((tx) => bindAudit(tx, world));
  };
  await remember();
  expect(readAuditHead(dataDir)).toBeUndefined();
  await act();
  await sql`create table old_end as select * from markers where name = 'audit-chain'`;
  await act();
  let at = story.now();
  const canary = await startCanary(
    world,
    () => true,
    () => at,
    log,
    dataDir,
  );
  at += 60_000;
  const known = await until('it is remembered', () => readAuditHead(dataDir));
  canary.stop();
  expect(known).toMatchObject({ link: 2, era: 0 });
  await sql`delete from audit where link = 2`;
  await sql`delete from markers where name = 'audit-chain'`;
  await sql`insert into markers select * from old_end`;
  await act();
  await act();
  await remember();
  await remember();
  expect(said).toEqual(['the audit trail was changed: ask tocsin doctor']);
  expect(readAuditHead(dataDir)).toMatchObject({
    ...known,
    fault: expect.stringContaining('remembered outside'),
  });
  rmSync(dataDir, { recursive: true });
});
