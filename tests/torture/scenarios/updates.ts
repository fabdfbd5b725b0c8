// Two processes that both listen to Telegram, killed in turns, with answers lost: everything that people say is heard once.
import type { AppProcess } from '../../harness/app-process.ts';
import { until } from '../../harness/until.ts';
import { quiet, wrongs } from '../judge.ts';
import { crowd, ownerOf, signUp } from '../river.ts';
import { openStage } from '../stage.ts';
import { exactly, holds, type Scenario, told } from './scenario.ts';

const sizes = { short: { rounds: 6, each: 4 }, release: { rounds: 60, each: 10 } };
const who = crowd(4);

export const updates: Scenario = {
  name: 'updates',
  title: 'two pollers, one killed after the other, updates sent again',
  covers: ['F29', 'F30'],
  async run({ queue, profile, say }) {
    const { rounds, each } = sizes[profile];
    const stage = await openStage({ queue, people: who.length });
    const { telegram } = stage.telegram;
    try {
      const programs: AppProcess[] = [
        await stage.program('one', { ROLES: 'http,worker,bot,clock' }),
        await stage.program('two', { ROLES: 'worker,bot,clock' }),
      ];
      await signUp(telegram, who);
      const people = await Promise.all(who.map((person) => telegram.person(ownerOf(person))));
      let said = 0;
      for (let round = 0; round < rounds; round++) {
        // The answer with the updates is lost on its way: Telegram sends them again.
        stage.botApi.swallow('"update_id"', 1);
        for (const [index, person] of people.entries())
          for (let i = 0; i < each; i++) {
            await person.say(`/watch heard.r${round}.p${index}.n${i} usage > 90`);
            said += 1;
          }
        const victim = programs[round % 2]!;
        await victim.kill();
        await victim.start();
        say(`round ${round + 1} of ${rounds}`);
      }
      const made = async () =>
        (await stage.ledger.sql()`select topic, count(*)::int as count from rules
          where topic like 'heard.%' and deleted_at is null group by topic`) as unknown as {
          count: number;
        }[];
      await until('everything was heard', async () => (await made()).length >= said, 120_000).catch(() => {});
      await quiet(stage);
      const rules = await made();
      const conflicts = (await telegram.ledger()).filter(({ error }) => error?.code === 409).length;
      const wrong = await wrongs(stage);
      return [
        told('said', said),
        exactly('not heard', said - rules.length, 0),
        exactly('heard twice', rules.filter(({ count }) => count > 1).length, 0),
        told('answers with updates that were swallowed', stage.botApi.swallowed()),
        told('conflicts with the other listener', conflicts),
        holds('the doctor finds nothing wrong', wrong.length === 0, wrong.join('; ')),
      ];
    } finally {
      await stage.close();
    }
  },
};
