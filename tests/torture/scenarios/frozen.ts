// A process is frozen in the middle of its work and goes on a minute later: nothing waits for it, nothing comes late.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Failpoint } from '#core/failpoint.ts';
import { until } from '../../harness/until.ts';
import { judge, quiet } from '../judge.ts';
import { type Accepted, crowd, history, pushAll, signUp, withoutBoards } from '../river.ts';
import { openStage } from '../stage.ts';
import { atMost, exactly, type Row, type Scenario } from './scenario.ts';

const entry = 'tests/torture/failpoint-program.ts';
// With locks in its hands it is frozen only in the evaluation: what was sent is written by one statement, whose locks end
// with it whether or not its sender lives.
const places: Failpoint[] = [
  'send.before_bytes',
  'drain.before_states',
  'send.before_result',
  'sweep.before_ring',
];
const who = crowd(6);

export const frozen: Scenario = {
  name: 'frozen',
  title: 'SIGSTOP in the middle of a send, an evaluation, a sweep; SIGCONT a minute later',
  covers: ['F7'],
  async run({ seed, queue, profile, say }) {
    const stage = await openStage({ queue, people: who.length });
    const log = path.join(stage.folder, 'failpoints.log');
    try {
      // It works on nothing itself, or it would do everything it rings for: the victim and its mate share.
      const front = await stage.program('front', { ROLES: 'http,bot,clock' });
      await stage.program('mate', { ROLES: 'worker' });
      await signUp(stage.telegram.telegram, who);
      await withoutBoards(front.url, stage.key);
      const rows: Row[] = [];
      const accepted: Accepted[] = [];
      const each = profile === 'short' ? 60 : 600;
      const events = history(each * places.length, seed, who);
      for (const [i, place] of places.entries()) {
        writeFileSync(log, '');
        const variables = { FAILPOINT: `${place}:1:SIGSTOP`, FAILPOINT_LOG: log, ROLES: 'http,worker,clock' };
        const victim = await stage.program(`victim${i}`, variables, { entry });
        // It leads what only one can lead: the first one makes room for it.
        if (place === 'sweep.before_ring') {
          await front.kill();
          await until('the victim sweeps', () => readFileSync(log, 'utf8') !== '', 30_000).catch(() => {});
          await front.start();
        }
        const own = events.slice(i * each, (i + 1) * each);
        const began = performance.now();
        accepted.push(...(await pushAll(front.url, stage.key, own, [], { pauseMs: 50 })));
        await until('it is frozen', () => readFileSync(log, 'utf8') !== '', 30_000).catch(() => {});
        const reached = readFileSync(log, 'utf8').trim() === place;
        await quiet(stage, 240_000);
        const seconds = Math.round((performance.now() - began) / 1_000);
        say(
          `${place}: ${reached ? 'frozen' : 'NOT REACHED'}; all was worked off by the others after ${seconds} s`,
        );
        rows.push(
          exactly(`frozen at ${place}`, Number(reached), 1),
          atMost(`worked off by the others within`, seconds, 180, ' s'),
        );
        process.kill(victim.pid(), 'SIGCONT');
        await new Promise((resolve) => setTimeout(resolve, 4_000));
        await victim.kill();
      }
      await quiet(stage);
      return [...rows, ...(await judge(stage, accepted))];
    } finally {
      await stage.close();
    }
  },
};
