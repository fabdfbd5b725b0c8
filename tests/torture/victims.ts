// Processes of the program that die at a place named while they run, and the proof that they did.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Failpoint } from '#core/failpoint.ts';
import type { AppProcess } from '../harness/app-process.ts';
import type { Stage } from './stage.ts';

export interface Blow {
  place: Failpoint;
  /** It dies when it passes the place for the n-th time. */
  nth: number;
}

export interface Victim {
  readonly name: string;
  readonly app: AppProcess;
  /** From now on it dies there. */
  mark(blow: Blow): void;
  /** Whether it died of what it was last marked for. */
  isHit(): boolean;
  /** It is not to die after all. */
  spare(): void;
  /** Starts it when it is not running; `dyingAtStart`: it may fall before it is ready, and is started once more. */
  revive(dyingAtStart?: boolean): Promise<void>;
}

/** Starts such a process on the stage. */
export async function victim(
  stage: Stage,
  name: string,
  variables: Record<string, string> = {},
): Promise<Victim> {
  const order = path.join(stage.folder, `${name}.order`);
  const log = path.join(stage.folder, `${name}.log`);
  writeFileSync(order, '');
  writeFileSync(log, '');
  let count = 0;
  let current = '';
  const app = await stage.program(
    name,
    { FAILPOINT_ORDER: order, FAILPOINT_LOG: log, ...variables },
    { entry: 'tests/torture/failpoint-program.ts' },
  );
  return {
    name,
    app,
    mark({ place, nth }) {
      count += 1;
      current = `${place}:${nth}:SIGKILL#${count}`;
      writeFileSync(order, current);
    },
    isHit: () => current !== '' && readFileSync(log, 'utf8').split('\n').includes(current),
    spare() {
      current = '';
      writeFileSync(order, '');
    },
    async revive(dyingAtStart = false) {
      writeFileSync(order, dyingAtStart ? current : '');
      await app.start().catch((error: Error) => {
        if (!dyingAtStart) throw error;
        writeFileSync(order, '');
        return app.start();
      });
    },
  };
}
