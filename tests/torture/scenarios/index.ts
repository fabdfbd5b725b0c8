// The order of the tortures.
import { killStorm } from './kill-storm.ts';
import { mutations } from './mutations.ts';
import type { Scenario } from './scenario.ts';

export const scenarios: readonly Scenario[] = [killStorm, mutations];
