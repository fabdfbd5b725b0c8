// Restarts in good order under load: what runs is finished, nobody's message is in doubt afterwards.
import { judge, quiet } from '../judge.ts';
import { crowd, history, pushAll, signUp, withoutBoards } from '../river.ts';
import { openStage } from '../stage.ts';
import { atMost, exactly, type Scenario } from './scenario.ts';

const sizes = { short: { restarts: 6, events: 600 }, release: { restarts: 50, events: 10_000 } };
const who = crowd(8);

export const rolling: Scenario = {
  name: 'rolling',
  title: 'SIGTERM and a new start, one process after the other, while events flow',
  covers: ['F37'],
  async run({ seed, queue, profile, say }) {
    const { restarts, events: count } = sizes[profile];
    const stage = await openStage({ queue, people: who.length });
    try {
      const front = await stage.program('front', { ROLES: 'http,worker,clock' });
      const back = await stage.program('back', { ROLES: 'worker,bot,clock' });
      await signUp(stage.telegram.telegram, who);
      await withoutBoards(front.url, stage.key);
      let [slowest, disorderly] = [0, 0];
      const turns = Array.from({ length: restarts }, (_, i): [number, () => Promise<void>] => [
        Math.floor(((i + 1) * count) / (restarts + 1)),
        async () => {
          const one = i % 2 === 0 ? front : back;
          const began = performance.now();
          if ((await one.stop()) !== 0) disorderly += 1;
          const seconds = Math.round((performance.now() - began) / 100) / 10;
          slowest = Math.max(slowest, seconds);
          say(`stopped in ${seconds} s`);
          await one.start();
        },
      ]);
      // Half the ends come while Telegram takes more than a second for each call: many messages are in the air, more wait.
      const slower: [number, () => Promise<void>] = [
        Math.floor(count / 2),
        async () => stage.botApi.be({ delay: 600 }),
      ];
      const all = [...turns, slower].sort(([a], [b]) => a - b);
      const accepted = await pushAll(front.url, stage.key, history(count, seed, who), all, {
        pauseMs: 150,
      });
      stage.botApi.be('pass');
      await quiet(stage);
      const [row] =
        await stage.ledger.sql()`select count(*)::int as count from deliveries where outcome = 'unknown'`;
      return [
        exactly('ends that were not in order', disorderly, 0),
        atMost('the slowest end', slowest, 10, ' s'),
        exactly('attempts whose end nobody knows', Number(row!.count), 0),
        ...(await judge(stage, accepted)),
      ];
    } finally {
      await stage.close();
    }
  },
};
