// Calls go out through our own client: grammY's own way costs about twice as much. Files go by grammY, which knows how.
import { HttpError, InputFile, type Transformer } from 'grammy';
import type { CallFailure, Telegram } from '#telegram/client.ts';

/** Installed first, so that it is what speaks at last. */
export function byOurClient(telegram: Telegram): Transformer {
  return async (call, method, payload, signal) => {
    if (Object.values(payload as object).some((one) => one instanceof InputFile))
      return call(method, payload, signal);
    const answer = await telegram.call(method, payload as object, signal as AbortSignal | undefined);
    if (answer.ok) return answer as never;
    if (answer.is !== 'refused') throw new HttpError(`${method} failed: ${answer.why}`, answer);
    const { code, description, retryAfter, movedTo } = answer;
    const parameters = {
      ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
      ...(movedTo === undefined ? {} : { migrate_to_chat_id: Number(movedTo) }),
    };
    return { ok: false, error_code: code, description, parameters } as never;
  };
}

/** Whether no connection came about: only then nobody can have heard. Also of files, which went grammY's way. */
export function isUnsent({ error }: HttpError): boolean {
  const { is, code } = (error ?? {}) as { code?: unknown; is?: CallFailure['is'] };
  return (
    is === 'unsent' || /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(String(code))
  );
}
