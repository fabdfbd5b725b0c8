// Sentences of our own for one receiver: notes, digests, codes, tests. Each returns the doorbells to ring after the commit.
import type { Doorbell } from '#core/doorbell.ts';
import type { Severity } from '#core/severity.ts';
import type { Reader } from './connection.ts';
import { notifications } from './schema/notifications.ts';

/** Adds a sentence of ours for one receiver; returns the doorbells to ring after the commit. */
export async function addNote(
  db: Reader,
  receiverId: string,
  text: string,
  severity: Severity,
  now: number,
  /** A notification that the note is about and that can be tried again. */
  again?: number,
): Promise<Doorbell[]> {
  await db.insert(notifications).values({
    kind: 'note',
    viaId: again ?? null,
    receiverId,
    severity,
    status: 'pending',
    body: text,
    createdAt: now,
  });
  return [{ job: 'notify', id: receiverId }];
}

/** A digest of what happened between two instants; the doorbells. */
export async function addDigest(
  db: Reader,
  receiverId: string,
  asked: { ownerId: string; staff: boolean; since: number; until: number },
  now: number,
): Promise<Doorbell[]> {
  const told = { receiverId, severity: 'info', status: 'pending', createdAt: now } as const;
  await db.insert(notifications).values({ ...told, kind: 'digest', body: JSON.stringify(asked) });
  return [{ job: 'notify', id: receiverId }];
}

/** A sealed code for its receiver alone; the doorbells. */
export async function addCode(
  db: Reader,
  receiverId: string,
  sealed: string,
  now: number,
): Promise<Doorbell[]> {
  const asked = { receiverId, severity: 'info', status: 'pending', createdAt: now } as const;
  await db.insert(notifications).values({ ...asked, kind: 'code', body: sealed });
  return [{ job: 'notify', id: receiverId }];
}

/** Something to see whether a receiver works. */
export async function addTest(db: Reader, receiverId: string, now: number): Promise<Doorbell[]> {
  const asked = { receiverId, severity: 'info', status: 'pending', createdAt: now } as const;
  await db.insert(notifications).values({ ...asked, kind: 'test' });
  return [{ job: 'notify', id: receiverId }];
}
