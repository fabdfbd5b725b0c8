// What every part of the program is given when it starts.
import type { Log } from '#core/log.ts';
import type { Role } from '../config/running.ts';
import type { Config } from '../config.ts';
import type { Metrics } from '../metrics.ts';
import type { Closing } from './closing.ts';

export interface Starting {
  config: Config;
  /** Whether this process is to do that. */
  has(role: Role): boolean;
  now: () => number;
  /** A clock that nobody sets, in milliseconds. */
  elapsed: () => number;
  /** That many bytes of chance. */
  chance: (bytes: number) => Uint8Array;
  log: Log;
  metrics: Metrics;
  pid: number;
  closing: Closing;
}
