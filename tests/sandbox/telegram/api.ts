// Calls a sandbox's Bot API without any bot library, so that every byte of the answer is seen.
import type { TelegramSandbox } from '#sandbox/telegram/index.ts';

export interface Answer {
  status: number;
  ok: boolean;
  /** Whatever the method gives; tests look into it freely. */
  result: ReturnType<typeof JSON.parse>;
  error_code?: number;
  description?: string;
  parameters?: { retry_after?: number; migrate_to_chat_id?: number };
}

/** A function that calls methods with JSON parameters. */
export function caller(sandbox: TelegramSandbox) {
  return async (method: string, params: Record<string, unknown> = {}): Promise<Answer> => {
    const response = await fetch(`${sandbox.apiRoot}/bot${sandbox.token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
    });
    return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
  };
}
