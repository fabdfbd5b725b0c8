// The one way out of the chat room: defaults, the chat's budget, and what happens when Telegram says "not now".
import { HttpError, type Transformer } from 'grammy';
import type { ApiResponse } from 'grammy/types';
import { paces, wholePace } from '#core/pace.ts';
import { hideSecrets } from '#core/secret-shapes.ts';
import { pauseUntil, type Turn, takeTurns, type Wish } from '#store/budgets.ts';
import { gathered } from '#store/gathered.ts';
import { addNote } from '#store/notes.ts';
import { receiversOf } from '#store/receivers.ts';
import { type Dialect, inDialect, learn, newestDialect } from '#telegram/dialect.ts';
import { isUnsent } from './by-our-client.ts';
import type { ChatDeps } from './context.ts';
import { Html, plainOf } from './html.ts';
import * as refusals from './locales/refusals.ts';

const speaking = /^(send|editMessage|deleteMessage)/;
const longestWait = 3000;
type Answer = ApiResponse<unknown>;

/** What all updates of a bot share. */
export interface Speaking {
  dialect: Dialect;
  /** Takes a turn, together with all who answer at the same moment. */
  take(wish: Wish): Promise<Turn>;
}

/** One for the bot. */
export function speakingOf({ world: { database } }: ChatDeps): Speaking {
  const take = gathered((wishes: Wish[]) => takeTurns(database.soft, 'telegram', wishes));
  return { dialect: newestDialect(), take };
}

/**
 * Made anew for every update. `ownerOf`: whose chat it is; undefined for strangers, whose chat leaves no trace in the
 * ledger. Conversations speak through the same context, so this is the way for them too.
 */
export function outgoing(
  deps: ChatDeps,
  ownerOf: () => string | undefined,
  { dialect, take }: Speaking,
): Transformer {
  const { database, log, meter } = deps.world;
  return async (call, method, payload, signal) => {
    const body = { ...defaults(method), ...(payload as object) } as typeof payload & Spoken;
    const chat = Number(body.chat_id);
    const send = async () => {
      for (;;) {
        const answer = (await call(method, inDialect(dialect, body) as never, signal)) as Answer;
        // A server from before: the same without what it does not know.
        if (answer.ok || answer.error_code !== 400 || !learn(dialect, answer.description)) return answer;
      }
    };
    if (!Number.isFinite(chat) || !speaking.test(method)) return send() as never;
    const ownerId = ownerOf();
    let answer: Answer | HttpError;
    if (ownerId === undefined) answer = await patiently(deps, send);
    else {
      const wait = await turn(deps, take, chat);
      answer = wait > 0 ? tooMany(wait) : await patiently(deps, send);
      const asked = retryAfter(answer);
      if (asked > 0) await pauseUntil(database.db, 'telegram', String(chat), deps.now() + asked);
      if ((asked > 0 || answer instanceof HttpError) && method === 'sendMessage')
        await keep(deps, ownerId, chat, body, answer instanceof HttpError && !isUnsent(answer));
    }
    if (retryAfter(answer) > 0) {
      meter.count('chat_flood_waits');
      log.info({ chat, method }, 'Telegram asks for patience; the answer is told later');
    }
    if (answer instanceof HttpError) throw answer;
    return answer as never;
  };
}

interface Spoken {
  chat_id?: unknown;
  text?: unknown;
}

/** Takes the chat's turn at once: an answer goes first, notifications then wait for it. How long a pause still lasts, or 0. */
async function turn(deps: ChatDeps, take: Speaking['take'], chat: number): Promise<number> {
  const pace = paces[chat < 0 ? 'group' : 'private'];
  const whole = wholePace(deps.telegram.perSecond);
  for (let tries = 0; ; tries++) {
    const now = deps.now();
    const taken = await take({ address: String(chat), pace, whole, force: true, now });
    if (taken.ok) return 0;
    const wait = taken.at - now;
    if (wait > longestWait || tries > 0) return wait;
    await (deps.pause ?? sleep)(wait);
  }
}

/** Waits in place when that is short. A lost connection is a value here, because the answer must be kept first. */
async function patiently(deps: ChatDeps, call: () => Promise<Answer>): Promise<Answer | HttpError> {
  try {
    const first = await call();
    const wait = retryAfter(first);
    if (wait === 0 || wait > longestWait) return first;
    await (deps.pause ?? sleep)(wait);
    return await call();
  } catch (error) {
    if (error instanceof HttpError) return error;
    throw error;
  }
}

/** What could not be said now is told as a note, in its turn; marked when it may have been heard. */
async function keep(
  deps: ChatDeps,
  ownerId: string,
  chat: number,
  { text }: Spoken,
  mayBeHeard: boolean,
): Promise<void> {
  if (typeof text !== 'string') return;
  const { database, ring } = deps.world;
  const here = (await receiversOf(database.db, [ownerId])).find(
    ({ channel, address, topic }) => channel === 'telegram' && address === String(chat) && topic === '',
  );
  if (!here) return;
  const plain = plainOf(new Html(text));
  // What is shown once is kept nowhere, a note least of all.
  const hidden = hideSecrets(plain);
  const told = hidden === plain ? plain : refusals.notKept(hidden);
  const body = mayBeHeard ? refusals.possibleRepeat(told) : told;
  ring(await addNote(database.db, here.id, body, 'info', deps.now()));
}

function retryAfter(answer: Answer | HttpError): number {
  if (answer instanceof HttpError || answer.ok || answer.error_code !== 429) return 0;
  return Math.max(1, answer.parameters?.retry_after ?? 1) * 1000;
}

function tooMany(ms: number): Answer {
  const seconds = Math.ceil(ms / 1000);
  return {
    ok: false,
    error_code: 429,
    description: 'this chat is paused',
    parameters: { retry_after: seconds },
  };
}

function defaults(method: string): object {
  if (method !== 'sendMessage' && method !== 'editMessageText') return {};
  return { parse_mode: 'HTML', link_preview_options: { is_disabled: true } };
}

/** Resolves after so many milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
