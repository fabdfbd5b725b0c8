// The order of the tortures.
import { clock } from './clock.ts';
import { database } from './database.ts';
import { descriptors } from './descriptors.ts';
import { diskFull } from './disk-full.ts';
import { everyFailpoint } from './failpoints.ts';
import { frozen } from './frozen.ts';
import { hostileWork } from './hostile-work.ts';
import { killStorm } from './kill-storm.ts';
import { mutations } from './mutations.ts';
import { poison } from './poison.ts';
import { redisFails } from './redis.ts';
import { rolling } from './rolling.ts';
import type { Scenario } from './scenario.ts';
import { secrets } from './secrets.ts';
import { soak } from './soak.ts';
import { telegramFails } from './telegram.ts';
import { updates } from './updates.ts';
import { versions } from './versions.ts';
import { zones } from './zones.ts';

export const scenarios: readonly Scenario[] = [
  killStorm,
  everyFailpoint,
  database,
  redisFails,
  telegramFails,
  updates,
  frozen,
  poison,
  rolling,
  descriptors,
  diskFull,
  mutations,
  secrets,
  clock,
  versions,
  zones,
  hostileWork,
  soak,
];
