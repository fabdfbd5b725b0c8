// One ledger, one bot: chats and messages in it mean nothing to another one.
import { StartRefused } from '#core/start-refused.ts';
import type { World } from '#operations/world.ts';
import { claimMarker } from '#store/markers.ts';

/**
 * Remembers which bot the ledger belongs to. Throws a sentence for the operator when it belongs to another, so that
 * people of the sandbox are never written to in the real Telegram, and the other way round.
 */
export async function claimBot({ database }: World, token: string, isSandbox: boolean): Promise<void> {
  const id = Number(token.split(':')[0]);
  const name = isSandbox ? 'the sandbox' : `bot ${id}`;
  const owner = await claimMarker(database.db, 'bot', { value: id, detail: name });
  if (owner.value === id) return;
  throw new StartRefused(
    `This database belongs to ${owner.detail}, and the token is of ${name}: chats and messages of one bot mean nothing ` +
      'to the other. Give this one its own DATA_DIR (or DATABASE_URL).',
  );
}
