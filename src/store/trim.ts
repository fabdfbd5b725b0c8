// Forgets what the chat no longer needs: handled updates, old buttons, conversations nobody goes on with.
import { trimButtons } from './buttons.ts';
import type { Db } from './connection.ts';
import { trimConversations } from './conversations.ts';
import { trimInvitations } from './invitations.ts';
import { trimUpdates } from './updates.ts';

const day = 86_400_000;

/** One bounded round, to be called every minute or so. Telegram delivers an update again for a day at most. */
export async function trimChat(db: Db, now: number): Promise<void> {
  await trimUpdates(db, now - 2 * day);
  // An expired button still says that it is too old, until the person will hardly press it any more.
  await trimButtons(db, now - 30 * day);
  await trimConversations(db, now - 30 * day);
  await trimInvitations(db, now - 30 * day);
}
