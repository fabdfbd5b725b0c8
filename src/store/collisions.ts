// Transactions that got into each other's way: nobody's fault, so the one that lost goes again; or it waits only so long.
import { sqlState } from './connection.ts';

const tries = 3;

/** Deadlock, serialization, or a lock that was waited for too long. */
export function isCollision(error: unknown): boolean {
  return ['40P01', '40001', '55P03'].includes(sqlState(error) ?? '');
}

/** Whether all connections of the server were taken. */
export function hasNoRoom(error: unknown): boolean {
  return sqlState(error) === '53300';
}

/** Whether a lock was waited for longer than it was to be. */
export function isHeld(error: unknown): boolean {
  return sqlState(error) === '55P03';
}

/** Does a whole transaction, and again when it collided with another. What it does besides must bear that. */
export async function throughCollisions<T>(transaction: () => Promise<T>, again = isCollision): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt >= tries || !again(error)) throw error;
    }
  }
}
