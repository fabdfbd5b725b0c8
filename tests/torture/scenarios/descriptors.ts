// So many connections that no file descriptor is left: refused, not crashed, and well again when they are gone.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import net from 'node:net';
import { answers } from '../answers.ts';
import { judge, quiet } from '../judge.ts';
import { crowd, history, pushAll, signUp, withoutBoards } from '../river.ts';
import { openStage } from '../stage.ts';
import { exactly, holds, type Scenario, told } from './scenario.ts';

const who = crowd(4);
/** More than it has open now. */
const room = 30;

export const descriptors: Scenario = {
  name: 'descriptors',
  title: 'no file descriptors are left',
  covers: ['F20'],
  async run({ seed, queue, say }) {
    const stage = await openStage({ queue, people: who.length });
    const idle: net.Socket[] = [];
    try {
      const app = await stage.program('app');
      await signUp(stage.telegram.telegram, who);
      await withoutBoards(app.url, stage.key);
      const limited = limit(app.pid());
      const seen = answers();
      const port = Number(new URL(app.url).port);
      const accepted = await pushAll(
        app.url,
        stage.key,
        history(200, seed, who),
        [
          [
            60,
            async () => {
              for (let i = 0; i < room * 4; i++)
                idle.push(net.connect(port, '127.0.0.1').on('error', () => {}));
              say('every place is taken');
              // The ledger and Telegram have to be found anew, too.
              stage.ledger.proxy.cut();
              await new Promise((resolve) => setTimeout(resolve, 5_000));
              for (const socket of idle) socket.destroy();
              say('they are free again');
            },
          ],
        ],
        { seen: seen.note, pauseMs: 100 },
      );
      await quiet(stage);
      return [
        holds('it was limited', limited),
        told('answers', seen.all()),
        holds('it did not end', app.endedBy() === null, String(app.endedBy())),
        exactly('answers 500', seen.count(500), 0),
        ...(await judge(stage, accepted)),
      ];
    } finally {
      for (const socket of idle) socket.destroy();
      await stage.close();
    }
  },
};

/** While it runs: to load its own code it needs more than it would have. */
function limit(pid: number): boolean {
  const most = readdirSync(`/proc/${pid}/fd`).length + room;
  return spawnSync('prlimit', ['--pid', String(pid), `--nofile=${most}:${most}`]).status === 0;
}
