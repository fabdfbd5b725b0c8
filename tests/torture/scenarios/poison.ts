// One event ends every process that evaluates it: it is put aside and told, and its lane goes on.
import { until } from '../../harness/until.ts';
import { quiet, wrongs } from '../judge.ts';
import { crowd, ownerOf, pushAll, signUp } from '../river.ts';
import { openStage } from '../stage.ts';
import { atMost, exactly, holds, type Scenario } from './scenario.ts';

const entry = 'tests/torture/poison-program.ts';

export const poison: Scenario = {
  name: 'poison',
  title: 'an event that kills its evaluator again and again',
  covers: ['F8'],
  async run({ queue, say }) {
    const stage = await openStage({ queue, people: 1 });
    try {
      const app = await stage.program('app', {}, { entry });
      await signUp(stage.telegram.telegram, crowd(1));
      const event = (id: string, usage: number) => ({ id, type: 'disk.p0', subject: '/one', usage });
      await pushAll(app.url, stage.key, [event('before', 50)], []);
      const answer = await fetch(`${app.url}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${stage.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          id: 'poison',
          source: 'river',
          type: 'disk.p0',
          subject: '/one',
          data: { usage: 60, note: 'poison-pill' },
        }),
      });
      const sql = () => stage.ledger.sql();
      const aside = async () =>
        (await sql()`select 1 from events where event_id = 'poison' and quarantined is not null`).length ===
        1;
      let ends = 0;
      const pushing = pushAll(app.url, stage.key, [event('after1', 95), event('after2', 96)], []);
      while (ends < 20 && !(await aside())) {
        await Promise.race([app.ended(), until('it is put aside', aside, 120_000).catch(() => {})]);
        if (app.endedBy() === null) break;
        ends += 1;
        say(`ended ${ends} times`);
        await app.start().catch(() => {});
      }
      await pushing;
      await quiet(stage);
      const person = await stage.telegram.telegram.person(ownerOf(0));
      // It is told after it was put aside: nothing waits in between.
      const heard = async () => (await person.seen()).map(({ text }) => text ?? '');
      const told = async () => (await heard()).some((text) => /put aside/.test(text));
      await until('the owner was told', told).catch(() => {});
      const [alert] = await sql()`select status from alerts where topic = 'disk.p0'`;
      const wrong = await wrongs(stage);
      return [
        exactly('it was accepted', answer.status, 202),
        holds('it was put aside', await aside()),
        atMost('processes that it ended', ends, 8),
        holds('the owner was told', await told(), (await heard()).at(-1)?.slice(0, 80)),
        exactly('what came after it on its lane fired', Number(alert?.status === 'firing'), 1),
        holds('the doctor finds nothing wrong', wrong.length === 0, wrong.join('; ')),
      ];
    } finally {
      await stage.close();
    }
  },
};
