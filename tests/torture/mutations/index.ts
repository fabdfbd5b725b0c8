// The shelf of mutations: every guard that is broken on purpose, one at a time.
import { evaluating } from './evaluating.ts';
import { guarding } from './guarding.ts';
import type { Mutation } from './mutation.ts';
import { shortWays } from './short-ways.ts';
import { taking } from './taking.ts';
import { talking } from './talking.ts';
import { tellings } from './telling.ts';

export const mutations: readonly Mutation[] = [
  ...taking,
  ...evaluating,
  ...tellings,
  ...talking,
  ...guarding,
  ...shortWays,
];
