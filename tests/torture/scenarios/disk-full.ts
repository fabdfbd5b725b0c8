// The disks of PostgreSQL and Redis take no more: refused, not lost, and on again when there is room.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { until } from '../../harness/until.ts';
import { answers } from '../answers.ts';
import { judge, quiet } from '../judge.ts';
import { crowd, history, pushAll, signUp, withoutBoards } from '../river.ts';
import { openStage, type Stage } from '../stage.ts';
import { exactly, type Row, type Scenario, told } from './scenario.ts';

const who = crowd(4);

export const diskFull: Scenario = {
  name: 'disk-full',
  title: 'the disk of PostgreSQL, or of Redis, is full',
  covers: ['F18', 'F19'],
  async run({ seed, queue, say }) {
    const places: string[] = [];
    const small = (place: string, megabytes: number) => {
      mkdirSync(place, { recursive: true });
      const done = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', place]);
      if (done.status !== 0) return false;
      places.push(place);
      chmodSync(place, 0o755);
      return true;
    };
    const stage = await openStage({
      queue,
      people: who.length,
      prepare: (folder) => {
        if (small(path.join(folder, 'ledger'), 200) && queue === 'redis')
          small(path.join(folder, 'redis'), 8);
      },
    });
    try {
      // Mounting needs rights that an ordinary user lacks; then nothing is proved, and it says so.
      if (places.length === 0)
        return [told('not carried out', 'a disk of fixed size needs the right to mount')];
      const app = await stage.program('app');
      await signUp(stage.telegram.telegram, who);
      await withoutBoards(app.url, stage.key);
      const seen = answers();
      const fills = places.map((place, i): [number, () => Promise<void>] => [
        100 + i * 120,
        async () => {
          const took = await fill(stage, place, async () => {
            const before = seen.count(202);
            say(`${path.basename(place)}: full`);
            await new Promise((resolve) => setTimeout(resolve, 8_000));
            say(
              `${path.basename(place)}: ${seen.count(202) - before} events were taken meanwhile; there is room again`,
            );
          });
          say(`it took ${took} MB`);
        },
      ]);
      const options = { seen: seen.note, pauseMs: 250 };
      const accepted = await pushAll(app.url, stage.key, history(400, seed, who), fills, options);
      await quiet(stage, 240_000);
      const rows: Row[] = [told('answers', seen.all()), exactly('answers 500', seen.count(500), 0)];
      return [...rows, ...(await judge(stage, accepted))];
    } finally {
      await stage.close({ before: () => unmount(places) });
    }
  },
};

/** Leaves not a byte, waits, and makes room. PostgreSQL may have given up meanwhile; whoever runs it starts it again. */
async function fill(stage: Stage, place: string, meanwhile: () => Promise<void>): Promise<number> {
  const ballast = path.join(place, 'ballast');
  const { bavail, bsize } = statfsSync(place);
  writeFileSync(ballast, Buffer.alloc(bavail * bsize));
  await meanwhile();
  rmSync(ballast);
  if (!stage.ledger.isUp()) await stage.ledger.start();
  await until('the ledger answers', async () => (await stage.ledger.sql()`select 1`).length === 1, 60_000);
  return Math.round((bavail * bsize) / 2 ** 20);
}

function unmount(places: string[]): void {
  for (const place of places.splice(0)) spawnSync('umount', ['-l', place]);
}
