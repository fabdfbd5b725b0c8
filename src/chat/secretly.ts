// What only one person may read: said in the private chat when the question was asked in a group.
import { sayError } from '#core/say-error.ts';
import { type ChatContext, whoOf } from './context.ts';
import { type Html, html } from './html.ts';
import * as say from './locales/channels.ts';

/** What may be copied from a screen here: nothing of a secret where others read. */
export function copies(ctx: ChatContext, secrets: Record<string, string>): Record<string, string> {
  return ctx.group ? {} : secrets;
}

/** What may be shown here: the secret itself, or where it was said instead. */
export async function secretly(ctx: ChatContext, about: string, secret: Html): Promise<Html> {
  if (!ctx.group) return secret;
  try {
    await ctx.api.sendMessage(whoOf(ctx).person.telegramId, html`${about}: ${secret}`.source);
    return say.saidPrivately();
  } catch (error) {
    ctx.deps.world.log.info({ why: sayError(error) }, 'a secret could not be said in the private chat');
    return say.notSaidPrivately();
  }
}
