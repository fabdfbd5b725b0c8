// So many connections that no file descriptor is left: refused, not crashed, and well again when they are gone.
import net from 'node:net';
import { answers } from '../answers.ts';
import { judge, quiet } from '../judge.ts';
import { crowd, history, pushAll, signUp, withoutBoards } from '../river.ts';
import { openStage } from '../stage.ts';
import { exactly, holds, type Scenario, told } from './scenario.ts';

const who = crowd(4);
const room = 128;

export const descriptors: Scenario = {
  name: 'descriptors',
  title: 'no file descriptors are left',
  covers: ['F20'],
  async run({ seed, queue, say }) {
    const stage = await openStage({ queue, people: who.length });
    const idle: net.Socket[] = [];
    try {
      const app = await stage.program('app', {}, { wrapper: ['prlimit', `--nofile=${room}`] });
      await signUp(stage.telegram.telegram, who);
      await withoutBoards(app.url, stage.key);
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
              for (let i = 0; i < room * 2; i++)
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
