// Questions asked at the same moment: one goes at a time, each asker hears its own answer, and one fault is one asker's.
import { expect, it } from 'vitest';
import { gathered } from '#store/gathered.ts';

const refused = (code: string) => Object.assign(new Error(code), { code });

it('what is asked in one turn goes together, and what is asked meanwhile goes next', async () => {
  const batches: number[][] = [];
  let release = () => {};
  const double = gathered(async (questions: number[]) => {
    batches.push(questions);
    if (batches.length === 1)
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    return questions.map((n) => n * 2);
  }, 3);
  const first = [1, 2].map(double);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const next = [3, 4, 5, 6].map(double);
  release();
  expect(await Promise.all([...first, ...next])).toEqual([2, 4, 6, 8, 10, 12]);
  expect(batches).toEqual([[1, 2], [3, 4, 5], [6]]);
});

it('a question that cannot be answered is refused alone', async () => {
  const ask = gathered(async (questions: string[]) => {
    if (questions.includes('bad')) throw refused('22P05');
    return questions;
  });
  const answers = await Promise.allSettled(['a', 'bad', 'b'].map(ask));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

it('when the ledger is away, it is not asked once more for each', async () => {
  let times = 0;
  const ask = gathered(async (_: string[]): Promise<string[]> => {
    times++;
    throw refused('CONNECTION_CLOSED');
  });
  const answers = await Promise.allSettled(['a', 'b', 'c'].map(ask));
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(times).toBe(1);
});
