// The live stream and commits that do not wait for the disk: nobody hears of one before it is there.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commit } from '#store/alerts.ts';
import type { EventReader } from '../harness/event-source.ts';
import { until } from '../harness/until.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const changes = ({ heard }: EventReader) => heard.filter(({ event }) => event === 'transition').length;

it('tells only what a crash of the database cannot undo', async () => {
  const { soft, sql } = stage.database;
  const onDisk = async (place: string) =>
    (await sql`select pg_current_wal_flush_lsn() >= ${place}::pg_lsn as there`)[0]!.there;
  // The place of what is written; its commit comes behind it.
  const softly = () =>
    soft.transaction(async (tx) => {
      await commit(tx, [{ step: stage.fires(), receivers: [] }], stage.clock.now);
      const [row] = await tx.execute<{ place: string }>('select pg_current_wal_insert_lsn()::text as place');
      return row!.place;
    });
  for (let i = 0; i < 5; i++) {
    const before = await softly();
    const reader = await stage.follows();
    await until('the stream is ready', () => reader.heard.some(({ event }) => event === 'ready'));
    expect(await onDisk(before)).toBe(true);
    const known = changes(reader);
    const place = await softly();
    await until('the change arrives', () => changes(reader) > known);
    expect(await onDisk(place)).toBe(true);
    reader.close();
  }
});
