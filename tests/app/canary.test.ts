// What the clock does each minute, the canary apart from the rest: one part that cannot be done keeps no other from being done.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bindAudit } from '#store/audit-chain.ts';
import { openKeyring } from '#store/keyring.ts';
import { findMarker } from '#store/markers.ts';
import { readAuditHead, rememberAuditHead } from '../../src/app/audit-head.ts';
import { startCanary } from '../../src/app/canary.ts';
import { startHousekeeping } from '../../src/app/housekeeping.ts';
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
  const housekeeping = startHousekeeping(
    keyless,
    () => true,
    () => at,
  );
  at += 60_000;
  await until('the old update is gone', async () => (await sql`select 1 from updates`).length === 0);
  housekeeping.stop();
});

it('what is old is forgotten also when something else cannot be done that hour', async () => {
  const { world } = story.rooms;
  const { sql } = world.database;
  let at = Math.ceil(story.now() / 3_600_000) * 3_600_000 - 1;
  const old = new Date(at - 500 * 86_400_000).toISOString();
  await sql`insert into audit (at, actor, verb, target) values (${old}, 'clock', 'old', 'y')`;
  await sql`insert into events (source_id, event_id, body_hash, lane, fingerprint, source, type, subject, body, received_at, processed_at)
    values ('s_test', 'old', '', 0, '', '', 'old', '', '{"data":{},"labels":{}}', ${old}, ${old})`;
  // As when one query of ours is wrong: old events cannot go, what is a week old cannot be looked at, nor can the chat be trimmed.
  await sql.unsafe(`create function keep() returns trigger language plpgsql as $$ begin raise 'kept'; end $$;
    create trigger keep before delete on events for each row execute function keep()`);
  await sql`alter table updates rename to updates_away`;
  await sql`delete from markers where name = 'unfit'`;
  await sql`alter table rules rename to rules_away`;
  const housekeeping = startHousekeeping(
    world,
    () => true,
    () => at,
  );
  try {
    // The full hour itself went by in a round that took long.
    at += 60_001;
    await until(
      'the old record is gone',
      async () => (await sql`select 1 from audit where verb = 'old'`).length === 0,
    );
  } finally {
    housekeeping.stop();
    await sql`alter table updates_away rename to updates`;
    await sql`alter table rules_away rename to rules`;
  }
});

it('each hour is forgotten once, also by a process that never lives as long as to the full hour', async () => {
  const { world } = story.rooms;
  const { sql, db } = world.database;
  let at = Math.ceil(story.now() / 3_600_000) * 3_600_000 + 600_000;
  const old = new Date(at - 3 * 86_400_000).toISOString();
  /** What is to be forgotten each hour, and what each minute, which comes after it. */
  const leave = async () => {
    await sql`insert into markers (name, value, detail) values ('browser:old', 1, '1') on conflict do nothing`;
    await sql`insert into updates (update_id, chat_key, payload, received_at, done_at) values (1, '7', '{}', ${old}, ${old})`;
  };
  const liveOneMinute = async () => {
    await leave();
    const housekeeping = startHousekeeping(
      world,
      () => true,
      () => at,
    );
    at += 60_000;
    await until('the old update is gone', async () => (await sql`select 1 from updates`).length === 0);
    housekeeping.stop();
    return (await findMarker(db, 'browser:old')) === undefined;
  };
  expect(await liveOneMinute()).toBe(true);
  expect(await liveOneMinute()).toBe(false);
  at += 3_600_000;
  expect(await liveOneMinute()).toBe(true);
});

it('the canary does not wait for what is forgotten, however long that takes', async () => {
  const { world } = story.rooms;
  const { sql } = world.database;
  // At the next full hour; a table that somebody looks after keeps the forgetting waiting.
  let at = Math.ceil(story.now() / 3_600_000) * 3_600_000 - 1;
  const clock = () => at;
  let letGo = () => {};
  const over = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const holding = sql.begin(async (tx) => {
    await tx`lock table boards in access exclusive mode`;
    await over;
  });
  const chimes = [await startCanary(world, () => true, clock), startHousekeeping(world, () => true, clock)];
  const first = `canary-${at}`;
  try {
    await until('three more are released', async () => {
      at += 60_000;
      const later =
        await sql`select 1 from events where type = 'tocsin.canary' and event_id > ${first} and processed_at is null`;
      return later.length >= 3;
    });
  } finally {
    for (const one of chimes) one.stop();
    letGo();
    await holding;
  }
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
  const housekeeping = startHousekeeping(
    world,
    () => true,
    () => at,
    log,
    dataDir,
  );
  at += 60_000;
  const known = await until('it is remembered', () => readAuditHead(dataDir));
  housekeeping.stop();
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
