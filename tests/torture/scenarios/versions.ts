// An older version of the program beside this one on one database: upgraded one process after the other, and back again.
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { judge, quiet } from '../judge.ts';
import { type Accepted, crowd, history, pushAll, signUp, withoutBoards } from '../river.ts';
import { openStage } from '../stage.ts';
import { holds, type Scenario, told } from './scenario.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const journal = 'drizzle/meta/_journal.json';
const sizes = { short: 80, release: 2_000 };
const who = crowd(6);

export const versions: Scenario = {
  name: 'versions',
  title: 'the version before the newest tables beside this one, upgraded while events flow, and back',
  covers: ['F38'],
  async run({ seed, queue, profile, say }) {
    const each = sizes[profile];
    const stage = await openStage({ queue, people: who.length });
    try {
      const older = olderVersion(path.join(stage.folder, 'older'));
      const old = older === undefined ? {} : { older: older.main };
      const events = history(each * 4, seed, who);
      const accepted: Accepted[] = [];
      const flow = async (url: string, turn: number, meanwhile: () => Promise<void>) => {
        const own = events.slice(turn * each, (turn + 1) * each);
        const acts: [number, () => Promise<void>][] = [[Math.floor(each / 4), meanwhile]];
        accepted.push(...(await pushAll(url, stage.key, own, acts, { pauseMs: 150 })));
      };
      const one = await stage.program('one', { ROLES: 'http,worker,bot,clock' }, old);
      await signUp(stage.telegram.telegram, who);
      await withoutBoards(one.url, stage.key);
      // A fault of the older version alone proves nothing about the two together: one forgot whoever had not said their zone.
      await stage.ledger.sql()`update people set zone = 'UTC' where zone is null`;
      let newer: Awaited<ReturnType<typeof stage.program>> | undefined;
      await flow(one.url, 0, async () => {
        newer = await stage.program('two', { ROLES: 'http,worker,bot,clock' });
        say('the newer version has joined');
      });
      // Each takes what the other one writes.
      await flow(newer!.url, 1, async () => {});
      await quiet(stage);
      await flow(newer!.url, 2, async () => {
        await one.stop();
        say('the older version has ended; the newer one is alone');
      });
      await flow(newer!.url, 3, async () => {
        await one.start();
        say('the older version is there again, beside the newer one');
        await newer!.stop();
        await newer!.start();
      });
      await quiet(stage);
      const complaints = stage.output().match(/"level":50/g)?.length ?? 0;
      return [
        told('the older version', older?.commit ?? 'not in this clone: the same one twice'),
        told('errors that were logged', complaints),
        holds('no table or column was missed', !/42P01|42703|23502|does not exist/.test(stage.output())),
        ...(await judge(stage, accepted)),
      ];
    } finally {
      await stage.close();
    }
  },
};

/** The program as it was before the newest change of the tables, in this folder; undefined when the clone does not hold it. */
function olderVersion(folder: string): { main: string; commit: string } | undefined {
  const git = (...words: string[]) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
  try {
    const changed = git('log', '-1', '--format=%H', '--', journal);
    const commit = git('rev-parse', '--verify', '--short', `${changed}^`);
    mkdirSync(folder, { recursive: true });
    const tree = execFileSync('git', ['archive', commit, 'src', 'drizzle', 'package.json', 'tsconfig.json'], {
      cwd: root,
      maxBuffer: 256 * 1024 * 1024,
    });
    execFileSync('tar', ['-x', '-C', folder], { input: tree });
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    return { main: path.join(folder, 'src', 'main.ts'), commit };
  } catch {
    return undefined;
  }
}
