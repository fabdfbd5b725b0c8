// Who we are in Telegram: asked once at the start, so that a wrong token is told at once and in words.
import { StartRefused } from '#core/start-refused.ts';
import type { CallResult, Telegram } from '#telegram/client.ts';

export interface BotIdentity {
  id: number;
  username: string;
}

/** The bot of this token; undefined when Telegram cannot be reached now. Throws a sentence when the token is no good. */
export async function whoAmI(telegram: Telegram): Promise<BotIdentity | undefined> {
  const answer: CallResult<BotIdentity> = await telegram.call<BotIdentity>('getMe');
  if (answer.ok) return answer.result;
  if (answer.is === 'refused' && (answer.code === 401 || answer.code === 404))
    throw new StartRefused(
      'Telegram does not know TELEGRAM_BOT_TOKEN. Copy it anew from @BotFather, or leave it out to use the sandbox.',
    );
  return undefined;
}
