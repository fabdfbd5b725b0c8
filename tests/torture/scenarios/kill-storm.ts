// kill -9 of whichever process chance picks, again and again, while events flow: the promise that everything rests on.
import type { AppProcess } from '../../harness/app-process.ts';
import { judge, quiet } from '../judge.ts';
import { crowd, history, pushAll, signUp, withoutBoards } from '../river.ts';
import { chanceFrom } from '../seed.ts';
import { openStage, type Stage } from '../stage.ts';
import { exactly, type Row, type Scenario, told } from './scenario.ts';

const sizes = { short: { kills: 25, events: 3_000 }, release: { kills: 500, events: 100_000 } };

export const killStorm: Scenario = {
  name: 'kill-storm',
  title: 'kill -9 of any process, at random, while events flow',
  covers: ['F6'],
  async run({ seed, queue, profile, say }) {
    const { kills, events: count } = sizes[profile];
    const chance = chanceFrom(seed);
    const who = crowd(16);
    const events = history(count, seed, who);
    const stage = await openStage({ queue, people: who.length });
    try {
      const front = await stage.program('front', { ROLES: 'http,bot,clock' });
      const workers = [
        await stage.program('worker1', { ROLES: 'worker' }),
        await stage.program('worker2', { ROLES: 'worker,clock' }),
      ];
      await signUp(stage.telegram.telegram, who);
      await withoutBoards(front.url, stage.key);
      let killed = 0;
      let hanging = 0;
      const moments: number[] = [];
      const strike = async () => {
        const victims = chance.pick<AppProcess[]>([[front], [workers[0]!], [workers[1]!], workers]);
        // Now and then messages arrive and are never confirmed, so that a kill finds sends under way.
        if (chance.next() < 0.5) {
          hanging += 1;
          await stage.telegram.telegram.faults.next(2, 'hang-after', { method: 'sendMessage' });
        }
        moments.push(Date.now());
        await Promise.all(victims.map((victim) => victim.kill()));
        killed += victims.length;
        const began = performance.now();
        await Promise.all(victims.map((victim) => victim.start()));
        say(`${killed} killed; ready again after ${Math.round(performance.now() - began)} ms`);
      };
      const places = Array.from(
        { length: kills },
        (_, i) => Math.floor(((i + chance.next()) * count) / kills) + 1,
      );
      const mischief = places.map((place): [number, () => Promise<void>] => [
        place,
        () => (killed < kills ? strike() : Promise.resolve()),
      ]);
      const accepted = await pushAll(front.url, stage.key, events, mischief);
      while (killed < kills) await strike();
      await stage.telegram.telegram.faults.clear();
      say('all were accepted; waiting until nothing waits');
      await quiet(stage, profile === 'short' ? 360_000 : 3_600_000);
      const rows = await judge(stage, accepted);
      return [
        told('processes killed', killed),
        told('kills with messages that hang', hanging),
        exactly('events not accepted', count - accepted.length, 0),
        ...(await recovery(stage, moments)),
        ...rows,
      ];
    } finally {
      await stage.close();
    }
  },
};

/** Seconds after a kill until all that was there at that moment is evaluated. */
async function recovery({ ledger }: Stage, moments: number[]): Promise<Row[]> {
  const rows = await ledger.sql()<{ seconds: number }[]>`
    select coalesce(extract(epoch from max(e.processed_at) - k.at), 0)::float8 as seconds
    from json_array_elements_text(${JSON.stringify(moments.map((at) => new Date(at)))}::text::json) given(text)
    cross join lateral (select given.text::timestamptz as at) k
    left join events e on e.received_at <= k.at and e.processed_at > k.at
    group by k.at order by seconds`;
  const seconds = rows.map((row) => Math.round(row.seconds * 10) / 10);
  const within = (share: number) => `${seconds[Math.ceil(seconds.length * share) - 1] ?? 0} s`;
  return [
    told('what was there at a kill was evaluated, after half of them within', within(0.5)),
    told('after all of them, of which the next mostly came before the last was over', within(1)),
  ];
}
