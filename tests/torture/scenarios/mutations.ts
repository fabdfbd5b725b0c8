// Guards broken on purpose, one at a time, in a copy of the tree: each must turn its test red, or the test is worth nothing.
import { hunt } from '../mutations/hunt.ts';
import { mutations as shelf } from '../mutations/index.ts';
import { atLeast, type Scenario } from './scenario.ts';

export const mutations: Scenario = {
  name: 'mutations',
  title: 'guards of the promises broken on purpose, one at a time: each must turn a named test red',
  covers: [],
  queues: ['postgres'],
  async run({ profile, say }) {
    const chosen = shelf.filter(({ short }) => profile === 'release' || short === true);
    const found = await hunt(chosen, 2, ({ mutation, verdict, says, seconds }) =>
      say(`${verdict} after ${seconds.toFixed(0)} s: ${mutation.guard}: ${says}`),
    );
    return [
      atLeast('guards broken', found.length, 12),
      ...found.map(({ mutation: { guard, test }, verdict, says }) => ({
        figure: guard,
        value: `${verdict}: ${verdict === 'no verdict' ? says : `${test.file}: ${test.name}`}`,
        must: 'red',
        holds: verdict === 'red',
      })),
    ];
  },
};
