// Single numbers that the ledger remembers by name.
import { eq, sql } from 'drizzle-orm';
import type { Reader } from './connection.ts';
import { markers } from './schema/installation.ts';

export interface Marker {
  value: number;
  detail: string | null;
}

/** Sets a marker unless it is there; returns the one that is there now. */
export async function claimMarker(db: Reader, name: string, marker: Marker): Promise<Marker> {
  const [row] = await db
    .insert(markers)
    .values({ name, ...marker })
    .onConflictDoUpdate({ target: markers.name, set: { name: sql`excluded.name` } })
    .returning();
  return row!;
}

/** The marker with this name, or undefined. */
export async function findMarker(db: Reader, name: string): Promise<Marker | undefined> {
  const [row] = await db.select().from(markers).where(eq(markers.name, name));
  return row;
}

/** Sets a marker's number, whatever it was. */
export async function putMarker(db: Reader, name: string, value: number): Promise<void> {
  await db
    .insert(markers)
    .values({ name, value })
    .onConflictDoUpdate({ target: markers.name, set: { value: sql`excluded.value` } });
}

/** Sets a marker's number, whatever it was; it never goes back. */
export async function setMarker(db: Reader, name: string, value: number): Promise<void> {
  await db
    .insert(markers)
    .values({ name, value })
    .onConflictDoUpdate({
      target: markers.name,
      set: { value: sql`greatest(${markers.value}, excluded.value)` },
    });
}
