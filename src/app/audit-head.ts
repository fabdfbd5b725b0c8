// DATA_DIR/audit-head.json and the log: where the audit trail ended, remembered where whoever has only the database cannot
// change it.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Log } from '#core/log.ts';
import type { World } from '#operations/world.ts';
import { chainHead } from '#store/audit-chain.ts';

const form = z.object({
  link: z.number(),
  seal: z.string(),
  era: z.number(),
  /** What was found once stays found, whatever is put back afterwards; whoever removes the file begins anew. */
  fault: z.string().optional(),
});
export type RememberedHead = z.infer<typeof form>;

/** The file’s path. */
export const auditHeadFile = (dataDir: string) => path.join(dataDir, 'audit-head.json');

/** Undefined when nothing is remembered here, or it cannot be read. */
export function readAuditHead(dataDir: string): RememberedHead | undefined {
  try {
    return form.safeParse(JSON.parse(readFileSync(auditHeadFile(dataDir), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Remembers the end, unless it contradicts what is remembered: then that. `aloud`: the log has it, too. */
export async function rememberAuditHead(
  world: Pick<World, 'database' | 'keyring' | 'chance'>,
  dataDir: string,
  log: Log,
  aloud: boolean,
): Promise<void> {
  const known = readAuditHead(dataDir);
  const { end, fault = known?.fault } = await chainHead(world.database.db, world, known);
  if (fault !== undefined) {
    if (aloud || known?.fault === undefined)
      log.error({ fault, remembered: known }, 'the audit trail was changed: ask tocsin doctor');
    if (known && known.fault === undefined) write(dataDir, { ...known, fault });
    return;
  }
  if (!end) return;
  if (aloud || !known) log.info({ ...end }, 'the audit trail ends here');
  if (end.link !== known?.link || end.seal !== known.seal || end.era !== known.era) write(dataDir, end);
}

/** As a whole, readable by this user alone. */
function write(dataDir: string, remembered: RememberedHead): void {
  const file = auditHeadFile(dataDir);
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(remembered)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
