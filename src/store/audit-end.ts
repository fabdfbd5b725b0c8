// Where the chain of the audit trail ends: the marker in the database, and what is remembered of it outside.
import { createHmac } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Reader, Tx } from './connection.ts';
import { audit } from './schema/audit.ts';
import { markers } from './schema/installation.ts';

export const head = 'audit-chain';

/** Remembered outside. `era`: how often names were erased, after which what is before may rightly read otherwise. */
export interface ChainHead {
  link: number;
  seal: string;
  era: number;
}

export interface End extends ChainHead {
  empty: boolean;
  mark: string;
}

/** The marker, genuine or not; `empty` where there is none. */
export async function endOf(db: Reader): Promise<End> {
  const [row] = await db.select().from(markers).where(eq(markers.name, head));
  const [seal = '', mark = '', era = '0'] = row?.detail?.split(' ') ?? [];
  return { empty: row === undefined, link: row?.value ?? 0, seal, mark, era: Number(era) };
}

/** Writes it, sealed. */
export async function writeEnd(tx: Tx, secret: string, end: ChainHead): Promise<void> {
  const detail = `${end.seal} ${markOf(secret, end)} ${end.era}`;
  await tx
    .insert(markers)
    .values({ name: head, value: end.link, detail })
    .onConflictDoUpdate({ target: markers.name, set: { value: end.link, detail } });
}

/** Whether nobody but us wrote it. */
export const isGenuine = (secret: string, end: End) => !end.empty && end.mark === markOf(secret, end);

/** Why the chain in the database is not the one that was remembered, gone on with; undefined when it may be. */
export async function contradicts(db: Reader, end: End, known: ChainHead): Promise<string | undefined> {
  if (end.empty || end.link < known.link || end.era < known.era)
    return 'it went further than this when it was last remembered outside the database';
  if (end.era > known.era) return undefined;
  const [row] = await db.select({ seal: audit.seal }).from(audit).where(eq(audit.link, known.link));
  return row && row.seal !== known.seal ? 'it is not what was remembered outside the database' : undefined;
}

// Before the first name was erased it is as it always was.
const markOf = (secret: string, { link, seal, era }: ChainHead) =>
  mac(secret, era === 0 ? ['end', link, seal] : ['end', link, seal, era]);

/** A keyed digest of these parts. */
export const mac = (secret: string, parts: unknown[]) =>
  createHmac('sha256', secret).update(JSON.stringify(parts)).digest('base64url');
