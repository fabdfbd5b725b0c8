// The audit trail as a chain: each record is bound to the one before by a secret that is not in the database, so that
// whoever changes, removes or reorders records there is found out by `tocsin doctor`. What it cannot show: what was done to
// a record in the minute before it was bound, and what is done by somebody who has the keys, too. Cutting it back to an
// end it once had is seen only by what was remembered outside the database: a copy of that which they cannot reach helps.
import { and, asc, desc, gt, isNotNull, isNull, lt, type SQL, sql } from 'drizzle-orm';
import { type ChainHead, contradicts, type End, endOf, head, isGenuine, mac, writeEnd } from './audit-end.ts';
import type { Db, Reader, Tx } from './connection.ts';
import type { Keyring } from './keyring.ts';
import { audit } from './schema/audit.ts';
import { keepSecret, readSecret } from './secrets.ts';

/** What binds it; made once and kept sealed. */
export interface ChainKeys {
  keyring: Keyring;
  chance(bytes: number): Uint8Array;
}

/** `broken`: the first record that does not fit, or what is missing; `outside`: it fits, but not what was remembered. */
export interface ChainState {
  bound: number;
  broken?: { id: string; why: string; outside?: true };
}

const torn = 'the end of the chain is not what was written';
const page = 2_000;
// One binds at a time.
const lock = sql`select pg_advisory_xact_lock(hashtext('audit-chain'))`;

/** Binds what is not bound yet, in the order of its numbers; how many. What commits later with a lower number follows. */
export async function bindAudit(tx: Tx, keys: ChainKeys): Promise<number> {
  await tx.execute(lock);
  const rows = await tx
    .select(shown)
    .from(audit)
    .where(isNull(audit.link))
    .orderBy(asc(audit.id))
    .limit(page);
  if (rows.length === 0) return 0;
  const end = await endOf(tx);
  const kept = await readSecret(tx, keys.keyring, head);
  // A chain whose end was touched is not gone on with: that would hide it. The secret is made with the first link, so that
  // a secret without an end means that the chain was taken away, and an end without a secret that this was.
  if (end.empty ? kept !== undefined : kept === undefined || !isGenuine(kept, end)) return 0;
  const secret = kept ?? (await makeSecret(tx, keys));
  // A number that somebody wrote beyond the end is seen as such; it must not stop what comes.
  const [top] = await tx.select({ link: sql<string | null>`max(${audit.link})` }).from(audit);
  return bind(tx, secret, rows, { ...end, link: Math.max(end.link, Number(top?.link ?? 0)) });
}

/** Looks at every link, all of one moment. Records that nobody has bound yet are not judged. */
export async function chainState(db: Db, keys: ChainKeys, known?: ChainHead): Promise<ChainState> {
  return db.transaction(async (tx) => {
    const end = await endOf(tx);
    const state = await lookAt(tx, keys, end);
    if (state.broken || !known) return state;
    const why = await contradicts(tx, end, known);
    return why ? { ...state, broken: { id: String(known.link), why, outside: true } } : state;
  }, moment);
}

/** The end to remember, or why it cannot be the one that was remembered; neither: nothing is bound yet. */
export async function chainHead(
  db: Db,
  keys: ChainKeys,
  known?: ChainHead,
): Promise<{ end?: ChainHead; fault?: string }> {
  return db.transaction(async (tx) => {
    const end = await endOf(tx);
    const fault = known && (await contradicts(tx, end, known));
    if (fault) return { fault };
    const secret = await readSecret(tx, keys.keyring, head);
    if (end.empty && secret === undefined) return {};
    if (secret === undefined || !isGenuine(secret, end)) return { fault: torn };
    return { end: { link: end.link, seal: end.seal, era: end.era } };
  }, moment);
}

const moment = { isolationLevel: 'repeatable read', accessMode: 'read only' } as const;

async function lookAt(db: Reader, keys: ChainKeys, end: End): Promise<ChainState> {
  const secret = await readSecret(db, keys.keyring, head);
  if (secret !== undefined) return follow(db, secret, end, { link: 0, seal: undefined });
  const [some] = await db.select({ id: audit.id }).from(audit).where(gt(audit.link, 0)).limit(1);
  if (end.empty && !some) return { bound: 0 };
  return { bound: 0, broken: { id: head, why: 'the secret that binds it is gone' } };
}

/** From the record after `before` to the end. */
async function follow(db: Reader, secret: string, end: End, before: Before): Promise<ChainState> {
  let { link, seal } = before;
  let bound = 0;
  for (;;) {
    const rows = await db
      .select(shown)
      .from(audit)
      .where(gt(audit.link, link))
      .orderBy(asc(audit.link))
      .limit(page);
    for (const row of rows) {
      const number = row.link!;
      // The oldest are forgotten after their time: the first that is kept stands for itself.
      if (seal !== undefined && number !== link + 1)
        return { bound, broken: { id: String(row.id), why: 'records before it are missing' } };
      const last = number === 1 ? '' : seal;
      if (last !== undefined && row.seal !== sealOf(secret, last, number, row))
        return { bound, broken: { id: String(row.id), why: 'it is not what was written' } };
      [link, seal] = [number, row.seal ?? ''];
      bound++;
    }
    if (rows.length < page) break;
  }
  if (!isGenuine(secret, end)) return { bound, broken: { id: head, why: torn } };
  if (link !== end.link || seal !== end.seal)
    return { bound, broken: { id: String(end.link), why: 'the newest records are missing' } };
  return { bound };
}

/**
 * Changes records as the law demands (a name is erased) and binds them anew, from the first that `touched` is true of:
 * what is before it stays as it is. A chain that was broken stays so.
 */
export async function amendAudit(
  tx: Tx,
  keys: ChainKeys,
  touched: SQL | undefined,
  amend: () => Promise<void>,
): Promise<void> {
  await tx.execute(lock);
  const [first] = await tx
    .select({ link: audit.link })
    .from(audit)
    .where(and(isNotNull(audit.link), touched))
    .orderBy(asc(audit.link))
    .limit(1);
  const secret = await readSecret(tx, keys.keyring, head);
  if (!first || secret === undefined) return amend();
  const [last] = await tx
    .select({ link: audit.link, seal: audit.seal })
    .from(audit)
    .where(lt(audit.link, first.link!))
    .orderBy(desc(audit.link))
    .limit(1);
  let before: Before = { link: last?.link ?? first.link! - 1, seal: last ? (last.seal ?? '') : undefined };
  const end = await endOf(tx);
  const { broken } = await follow(tx, secret, end, before);
  await amend();
  if (broken) return;
  for (;;) {
    const rows = await tx
      .select(shown)
      .from(audit)
      .where(gt(audit.link, before.link))
      .orderBy(asc(audit.link))
      .limit(page);
    if (rows.length === 0) return;
    await bind(tx, secret, rows, { link: before.link, seal: before.seal ?? '', era: end.era + 1 });
    before = await endOf(tx);
  }
}

async function bind(tx: Tx, secret: string, rows: Row[], before: ChainHead): Promise<number> {
  let at = before.link;
  let last = before.seal;
  const links = rows.map((row) => {
    last = sealOf(secret, last, ++at, row);
    return { id: row.id, link: at, seal: last };
  });
  await tx.execute(sql`update ${audit} a set link = v.link, seal = v.seal
    from json_to_recordset(${JSON.stringify(links)}::text::json) as v(id bigint, link bigint, seal text)
    where a.id = v.id`);
  await writeEnd(tx, secret, { link: at, seal: last, era: before.era });
  return rows.length;
}

const shown = {
  id: audit.id,
  at: audit.at,
  actor: audit.actor,
  verb: audit.verb,
  target: audit.target,
  detail: sql<string | null>`${audit.detail}::text`,
  link: audit.link,
  seal: audit.seal,
};
type Row = { id: number; at: number; actor: string; verb: string; target: string; detail: string | null } & {
  link: number | null;
  seal: string | null;
};

function sealOf(secret: string, before: string, link: number, row: Row): string {
  const { id, at, actor, verb, target, detail } = row;
  return mac(secret, [before, link, id, at, actor, verb, target, detail]);
}

/** The record that is gone on from; no seal: it is forgotten, or there is none. */
interface Before {
  link: number;
  seal: string | undefined;
}

function makeSecret(db: Reader, { keyring, chance }: ChainKeys): Promise<string> {
  const make = () => Buffer.from(chance(32)).toString('base64url');
  return keepSecret(db, keyring, head, make, chance);
}
