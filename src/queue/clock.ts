// The clock of the house: what happens by itself at fixed times.
import { Cron } from 'croner';
import type { Log } from '#core/log.ts';

export interface Chime {
  stop(): void;
}

/** However far the next time is, the clock is looked at again: it may have been set meanwhile. */
const lookMs = 1_000;

/**
 * Calls back by a cron pattern (six fields: seconds first). A call that is still running is not doubled; one that
 * fails is told in the log and the next comes all the same. When the clock jumps, the next time is that of the new clock.
 */
export function chime(
  pattern: string,
  name: string,
  log: Log,
  work: () => Promise<void>,
  now: () => number,
): Chime {
  const cron = new Cron(pattern);
  const after = (at: number) => cron.nextRun(new Date(at))?.getTime() ?? Number.POSITIVE_INFINITY;
  let next = after(now());
  let [running, stopped] = [false, false];
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    if (stopped) return;
    const at = now();
    const soonest = after(at);
    if (at >= next && !running) {
      running = true;
      work()
        .catch((error) => log.warn({ err: error, name }, 'what the clock started did not succeed'))
        .finally(() => {
          running = false;
        });
    }
    next = at >= next ? soonest : Math.min(next, soonest);
    timer = setTimeout(look, Math.max(1, Math.min(lookMs, next - at))).unref();
  };
  timer = setTimeout(look, Math.max(1, Math.min(lookMs, next - now()))).unref();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
