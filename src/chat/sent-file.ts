// Files that people send: fetched from Telegram, bounded, and handed to whoever reads them.
import { Composer } from 'grammy';
import type { ChatContext } from './context.ts';
import { answered } from './forum.ts';
import { lookAtFile } from './rule-files.ts';
import { isGroupChat } from './who.ts';

/** More than five hundred long rules. */
export const mostBytes = 1 << 20;
const patienceMs = 15_000;

/** In a group a file is meant for us when it answers us or says /import. */
export function sentFiles(): Composer<ChatContext> {
  const composer = new Composer<ChatContext>();
  composer.on('message:document', async (ctx, next) => {
    const { document, caption = '' } = ctx.message;
    const asked = answered(ctx.message);
    const toUs = /^\/import\b/.test(caption) || asked?.from?.id === ctx.me.id;
    if (isGroupChat(ctx) && !toUs) return next();
    await lookAtFile(ctx, document.file_name ?? '', document.file_id);
  });
  return composer;
}

/** The text of a file; why not is for the person, and says nothing of the address, which holds our token. */
export async function download(
  ctx: ChatContext,
  fileId: string,
): Promise<{ ok: true; text: string } | { ok: false; why: 'large' | 'gone' | 'lost' | 'binary' }> {
  const { apiRoot, token } = ctx.deps.telegram;
  try {
    const file = await ctx.api.getFile(fileId);
    if ((file.file_size ?? 0) > mostBytes) return { ok: false, why: 'large' };
    if (file.file_path === undefined) return { ok: false, why: 'gone' };
    const signal = AbortSignal.timeout(patienceMs);
    const answer = await fetch(`${apiRoot}/file/bot${token}/${file.file_path}`, { signal });
    if (!answer.ok) return { ok: false, why: answer.status === 404 ? 'gone' : 'lost' };
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of answer.body ?? []) {
      size += part.length;
      if (size > mostBytes) return { ok: false, why: 'large' };
      parts.push(part);
    }
    const text = new TextDecoder('utf-8', { fatal: true });
    return { ok: true, text: text.decode(Buffer.concat(parts)) };
  } catch (error) {
    if (error instanceof TypeError && /encoded/.test(error.message)) return { ok: false, why: 'binary' };
    // Telegram forgets files, and refuses those of more than 20 MB.
    const said = error instanceof Error ? error.message : '';
    if (/too big/i.test(said)) return { ok: false, why: 'large' };
    return { ok: false, why: /file_id|file is/i.test(said) ? 'gone' : 'lost' };
  }
}
