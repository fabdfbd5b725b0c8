// The disks of PostgreSQL and Redis take no more: refused, not lost, and on again when there is room.
import path from 'node:path';
import { until } from '../../harness/until.ts';
import { type Answers, answers } from '../answers.ts';
import { judge, quiet } from '../judge.ts';
import { crowd, history, pushAll, signUp, withoutBoards } from '../river.ts';
import { type SmallDisk, smallDisk } from '../small-disk.ts';
import { openStage, type Stage } from '../stage.ts';
import { atLeast, exactly, type Row, type Scenario, told } from './scenario.ts';

const who = crowd(4);
/** PostgreSQL begins with some 60 MB, Redis with next to nothing. */
const sizes = { ledger: 200, redis: 8 };
const fullMs = 8_000;

export const diskFull: Scenario = {
  name: 'disk-full',
  title: 'the disk of PostgreSQL, or of Redis, is full',
  covers: ['F18', 'F19'],
  async run({ seed, queue, say }) {
    const disks: Record<string, SmallDisk | undefined> = {};
    const stage = await openStage({
      queue,
      people: who.length,
      prepare(folder) {
        disks.ledger = smallDisk(path.join(folder, 'ledger'), sizes.ledger);
        if (queue === 'redis') disks.redis = smallDisk(path.join(folder, 'redis'), sizes.redis);
      },
    });
    const { ledger, redis } = disks;
    try {
      if (!ledger || (queue === 'redis' && !redis))
        return [told('skipped', 'it needs the right to mount, or prlimit (util-linux); neither is here')];
      const app = await stage.program('app');
      await signUp(stage.telegram.telegram, who);
      await withoutBoards(app.url, stage.key);
      const seen = answers();
      const rows: Row[] = [told('how', ledger.how)];
      const strikes: [number, () => Promise<void>][] = [
        [
          100,
          async () => {
            const before = { taken: seen.count(202), refused: seen.count(503) };
            say(`PostgreSQL’s disk is full: ${ledger.fill(() => [stage.ledger.pid()])}`);
            await full(() => seen.count(503) > before.refused || seen.count(0) > 0);
            const [taken, refused] = [seen.count(202) - before.taken, seen.count(503) - before.refused];
            ledger.free();
            const seconds = await well(stage, seen);
            rows.push(
              told('taken while PostgreSQL’s disk was full', taken),
              atLeast('refused with 503 meanwhile', refused, 1),
              told('an event is taken again', `${seconds} s after there is room`),
            );
          },
        ],
      ];
      if (redis)
        strikes.push([
          220,
          async () => {
            const before = { taken: seen.count(202), all: seen.all() };
            say(`Redis’s disk is full: ${redis.fill(() => [stage.redis!.pid()])}`);
            await until('Redis refuses to write', () => refusesToWrite(stage), 30_000);
            await full(() => seen.count(202) > before.taken);
            const taken = seen.count(202) - before.taken;
            redis.free();
            rows.push(atLeast('taken while Redis’s disk was full', taken, 1));
          },
        ]);
      const options = { seen: seen.note, pauseMs: 250 };
      const accepted = await pushAll(app.url, stage.key, history(400, seed, who), strikes, options);
      await quiet(stage, 240_000);
      return [
        ...rows,
        told('answers', seen.all()),
        exactly('answers 500', seen.count(500), 0),
        ...(await judge(stage, accepted)),
      ];
    } finally {
      const remove = () => {
        for (const disk of [ledger, redis]) disk?.remove();
      };
      await stage.close({ before: remove });
    }
  },
};

/** Lets it be full for a while, and until somebody has met it. */
async function full(met: () => boolean): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, fullMs));
  await until('somebody meets the full disk', met, 60_000);
}

/** PostgreSQL may have given up meanwhile; whoever runs it starts it again. Seconds until an event is taken. */
async function well(stage: Stage, seen: Answers): Promise<number> {
  const began = performance.now();
  const before = seen.count(202);
  if (!stage.ledger.isUp()) await stage.ledger.start();
  await until('the ledger answers', async () => (await stage.ledger.sql()`select 1`).length === 1, 60_000);
  await until('an event is taken again', () => seen.count(202) > before, 60_000);
  return Math.round((performance.now() - began) / 100) / 10;
}

async function refusesToWrite({ redis }: Stage): Promise<boolean> {
  return redis!.ask((one) =>
    one.set('torture', 'x').then(
      () => false,
      (error: Error) => /MISCONF/.test(error.message),
    ),
  );
}
