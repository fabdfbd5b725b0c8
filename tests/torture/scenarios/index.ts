// The order of the tortures.
import { killStorm } from './kill-storm.ts';
import { mutations } from './mutations.ts';
import type { Scenario } from './scenario.ts';
import { secrets } from './secrets.ts';

export const scenarios: readonly Scenario[] = [killStorm, mutations, secrets];
