// The webhook: Telegram brings updates to us, proving itself by a secret.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { World } from '#operations/world.ts';
import type { CallResult, Telegram } from '#telegram/client.ts';
import { type Keep, keep, wantedUpdates } from './incoming.ts';

const bodyLimit = 1024 * 1024;

/** Asks Telegram to bring updates to `url`, with `secret` (1-256 of A-Z a-z 0-9 _ -) in a header. */
export function setWebhook(
  telegram: Telegram,
  { url, secret }: { url: string; secret: string },
): Promise<CallResult> {
  return telegram.call('setWebhook', {
    url,
    secret_token: secret,
    allowed_updates: wantedUpdates,
    max_connections: 20,
  });
}

/**
 * Answers Telegram's requests: 200 after the update is committed, 401 without the secret, 413 and 400 for what is too
 * long or no update, 503 when it could not be kept (Telegram brings it again).
 */
export function webhookDoor(
  world: World,
  secret: string,
  now: () => number,
  keepAll: Keep = (received, at) => keep(world, received, at),
): (request: Request) => Promise<Response> {
  return async (request) => {
    const shown = request.headers.get('x-telegram-bot-api-secret-token') ?? '';
    if (secret === '' || !same(shown, secret)) return answer(401, 'who are you');
    if (request.method !== 'POST') return answer(405, 'only POST');
    let update: unknown;
    try {
      const text = await readBody(request);
      if (text === undefined) return answer(413, 'too long');
      update = JSON.parse(text);
    } catch {
      return answer(400, 'no update');
    }
    try {
      await keepAll([update], now());
    } catch (error) {
      world.log.warn({ err: error }, 'an update cannot be kept; Telegram brings it again');
      return answer(503, 'later');
    }
    return answer(200, 'kept');
  };
}

function answer(status: number, text: string): Response {
  return new Response(text, { status });
}

// Digests have one length, so that the time of the comparison says nothing about the secret.
function same(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

async function readBody(request: Request): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.length;
    if (size > bodyLimit) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
