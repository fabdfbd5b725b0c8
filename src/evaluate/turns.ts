// Turns: so many pieces of work at once, the others wait in the order in which they came, or go away again.

/** Runs the work when it is its turn. Who is aborted while waiting leaves the queue. */
export type Turns = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/** Turns for `atOnce` pieces of work. */
export function makeTurns(atOnce: number): Turns {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (signal, work) => {
    if (running >= atOnce) await place(waiting, signal);
    else running++;
    try {
      return await work();
    } finally {
      // The place is handed on, so that nobody who comes later takes it first.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

function place(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const enter = () => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    const leave = () => {
      waiting.splice(waiting.indexOf(enter), 1);
      reject(signal.reason as Error);
    };
    if (signal.aborted) return reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
    waiting.push(enter);
  });
}
