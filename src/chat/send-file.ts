// What is too long for a message, sent as a file; in the topic in which it was asked for.
import { InputFile } from 'grammy';
import { sayError } from '#core/say-error.ts';
import type { ChatContext } from './context.ts';
import { threadOf } from './forum.ts';
import type { Html } from './html.ts';
import * as say from './locales/files.ts';
import type { Choice } from './screen.ts';

export interface SentFile {
  name: string;
  text: string;
  caption: Html | string;
  /** What asks for it again when it could not be sent. */
  again: Choice;
}

/** Sends it; a sentence with another try when that fails. */
export async function sendFile(ctx: ChatContext, { name, text, caption, again }: SentFile): Promise<void> {
  const thread = threadOf(ctx);
  const options = {
    ...(typeof caption === 'string' ? { caption } : { caption: caption.source, parse_mode: 'HTML' as const }),
    ...(thread === undefined ? {} : { message_thread_id: thread }),
  };
  try {
    await ctx.api.sendDocument(ctx.chatId!, new InputFile(Buffer.from(text), name), options);
  } catch (error) {
    ctx.deps.world.log.warn({ chat: ctx.chatId, why: sayError(error) }, 'a file could not be sent');
    await ctx.show({ text: say.notSent(), rows: [[again]] });
  }
}
