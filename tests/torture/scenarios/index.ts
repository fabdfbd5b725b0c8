// The order of the tortures.
import { database } from './database.ts';
import { descriptors } from './descriptors.ts';
import { diskFull } from './disk-full.ts';
import { everyFailpoint } from './failpoints.ts';
import { frozen } from './frozen.ts';
