// Questions that many ask at the same moment go to the ledger as one.
import { setImmediate as turn } from 'node:timers/promises';
import { sqlState } from './connection.ts';

interface Asked<Q, A> {
  question: Q;
  tell: (answer: A | Promise<A>) => void;
  refuse: (error: unknown) => void;
}

/**
 * Asks for many what each asks for itself. No timer: what is asked while a question is on its way goes together with the
 * next, at most `most` at a time. `askAll` answers in the order of the questions; what it promises for one of them holds up
 * nobody else. When it fails for what one of them holds, each is asked alone, so that nobody pays for another.
 */
export function gathered<Q, A>(
  askAll: (questions: Q[]) => Promise<(A | Promise<A>)[]>,
  most = 100,
): (question: Q) => Promise<A> {
  let waiting: Asked<Q, A>[] = [];
  let busy = false;

  async function work(): Promise<void> {
    // What is asked in the same turn of the loop comes along.
    await turn();
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      await ask(batch);
    }
    busy = false;
  }

  async function ask(batch: Asked<Q, A>[]): Promise<void> {
    try {
      const answers = await askAll(batch.map(({ question }) => question));
      batch.forEach(({ tell }, i) => {
        tell(answers[i]!);
      });
    } catch (error) {
      if (batch.length > 1 && mayBeOnes(error)) for (const one of batch) await ask([one]);
      else for (const { refuse } of batch) refuse(error);
    }
  }

  return (question) =>
    new Promise((tell, refuse) => {
      waiting.push({ question, tell, refuse });
      if (busy) return;
      busy = true;
      void work();
    });
}

/** The instant at which they are answered: they were asked within a moment of each other. */
export function latest(asked: readonly { now: number }[]): number {
  return Math.max(...asked.map(({ now }) => now));
}

/** Not when the ledger is away: it would be as many times. */
function mayBeOnes(error: unknown): boolean {
  const code = sqlState(error);
  if (code === undefined) return true;
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(code) && !/^(08|53|57|58)/.test(code);
}
