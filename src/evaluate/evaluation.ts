// What the jobs of this room share: the rules in memory, and transactions that are run again when they collide.
import { setTimeout as wait } from 'node:timers/promises';
import type { World } from '#operations/world.ts';
import { sqlState, type Tx } from '#store/connection.ts';
import type { RuleBook } from './index/rule-book.ts';

export interface Evaluation {
  world: World;
  book: RuleBook;
  /** A sentence for the owners of this Tocsin, such as an event put aside. */
  tellOwners(text: string, now: number): Promise<void>;
}

/** No event is to blame. */
export class RulesUnread extends Error {}

const mostTries = 8;

/**
 * Runs the transaction without waiting for the disk: a batch that a crash undoes is still waiting, and is evaluated again to
 * the same end before anybody is told. Runs it again after a collision with another worker (deadlock, serialisation, lock
 * or first row).
 */
export async function transact<T>({ world }: Evaluation, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await world.database.soft.transaction(work);
    } catch (error) {
      if (!mayPass(error) || tries >= mostTries) throw error;
      world.meter.count('tocsin_evaluation_collisions_total');
      // Chance from the caller, so that two that collided do not collide again.
      await wait(tries * (1 + (world.token().charCodeAt(0) % 16)));
    }
  }
}

/** Whether the failure lies in what was processed, not in the ledger being away, busy or wrong. */
export function isEventsFault(error: unknown): boolean {
  if (error instanceof RulesUnread) return false;
  const code = sqlState(error);
  if (code === undefined) return !mayPass(error);
  // What is there already was written by us: the ledger disagrees with us, not with the event.
  if (code === '23505') return false;
  return /^(22|23|54)/.test(code) || code.startsWith('ERR_') || code === 'UNDEFINED_VALUE';
}

/** Whether the statements took longer than they may (store/lanes.ts): with less to do they may not. */
export function tookTooLong(error: unknown): boolean {
  return sqlState(error) === '57014';
}

// Another worker was faster: what it wrote is found the next time.
function mayPass(error: unknown): boolean {
  return ['40001', '40P01', '55P03', '23505'].includes(sqlState(error) ?? '');
}
