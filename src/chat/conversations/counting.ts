// What a rule would have told, counted beside the talk: it never holds up the chat, and any other question ends it.
import { type Json, sameJson } from '#core/json.ts';
import type { RuleDocument } from '#core/rule.ts';
import { sayError } from '#core/say-error.ts';
import { type ChatContext, type ChatDeps, whoOf } from '../context.ts';
import type { Facts } from './facts.ts';

/** How long an answer waits for the numbers before it is shown without them. */
const patience = 1200;
/** An edit that only shows how far the counting is comes at most so often. */
const pace = 1000;

type Count = NonNullable<Facts['count']>;
interface Running {
  wish: Json;
  count: Count;
  stop: AbortController;
  finished: Promise<void>;
}

const running = new WeakMap<ChatDeps, Map<string, Running>>();

/** Begins to count, or goes on where the same is counted already; waits a moment for the result. */
export async function countFor(
  ctx: ChatContext,
  input: { ownerId: string; document: RuleDocument; limits: number[] },
): Promise<Count> {
  const { backTests } = ctx.deps;
  const here = placeOf(ctx);
  const wish = input as unknown as Json;
  const before = here.get(keyOf(ctx));
  if (!before || !sameJson(before.wish, wish) || before.stop.signal.aborted) {
    before?.stop.abort();
    const stop = new AbortController();
    const count: Count = { fraction: 0 };
    const onProgress = (fraction: number) => {
      count.fraction = fraction;
    };
    const { ownerId, document, limits } = input;
    const asked = { ownerId, rule: { document }, limits };
    const finished = backTests
      .run(whoOf(ctx).actor, asked, { onProgress, signal: stop.signal }, ctx.now)
      .then((done) => {
        if (done.ok) count.result = done.result;
        else count.problem = done.text;
      })
      .catch((error) => {
        ctx.deps.world.log.warn({ why: sayError(error) }, 'a back-test failed');
        count.problem = 'I could not count what it would have told you.';
      });
    if (here.size > 500) here.clear();
    here.set(keyOf(ctx), { wish, count, stop, finished });
  }
  const mine = here.get(keyOf(ctx))!;
  await Promise.race([mine.finished, wait(patience)]);
  return mine.count;
}

/** Shows how it goes on, at most once a second, until the result is there or something else was asked. */
export function watchCount(ctx: ChatContext, show: (count: Count) => Promise<unknown>): void {
  const mine = placeOf(ctx).get(keyOf(ctx));
  if (!mine) return;
  const follow = async () => {
    let shown = Math.floor(mine.count.fraction * 100);
    for (;;) {
      const isOver = await Promise.race([mine.finished.then(() => true), wait(pace)]);
      if (mine.stop.signal.aborted) return;
      const now = Math.floor(mine.count.fraction * 100);
      if (!isOver && now === shown) continue;
      shown = now;
      await show(mine.count);
      if (isOver) return;
    }
  };
  follow().catch((error) => ctx.deps.world.log.debug({ why: sayError(error) }, 'a count could not be shown'));
}

/** Ends what is counted for this person here, also what is shown of it; a result that is there already stays. */
export function stopCount(ctx: ChatContext): void {
  const mine = placeOf(ctx).get(keyOf(ctx));
  if (mine && mine.count.result === undefined) mine.stop.abort();
}

function placeOf({ deps }: ChatContext): Map<string, Running> {
  let here = running.get(deps);
  if (!here) {
    here = new Map();
    running.set(deps, here);
  }
  return here;
}

function keyOf(ctx: ChatContext): string {
  return `${ctx.chatId ?? 0}:${ctx.from?.id ?? 0}`;
}

function wait(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms).unref());
}
