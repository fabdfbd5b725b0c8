// Delivers updates to the bot's webhook, one at a time, again and again until it answers 2xx.
import type { World } from './world.ts';

const firstPause = 500;
const longestPause = 60_000;

/** Starts delivery; the returned function stops it. Only addresses on this machine were accepted by setWebhook. */
export function startWebhookDelivery(world: World): () => void {
  const stopped = new AbortController();
  let busy = false;
  const run = async () => {
    if (busy) return;
    busy = true;
    let pause = firstPause;
    while (!stopped.signal.aborted) {
      const hook = world.state.webhook;
      const next = world.state.updates[0];
      if (!hook || !next) break;
      const trouble = await post(hook, next.update, stopped.signal);
      if (stopped.signal.aborted) break;
      if (trouble === undefined) {
        pause = firstPause;
        world.commit({ do: 'confirm', below: next.update.update_id + 1 });
        continue;
      }
      world.webhookTrouble = { at: world.now(), message: trouble };
      await wait(pause, stopped.signal);
      pause = Math.min(pause * 2, longestPause);
    }
    busy = false;
  };
  const stopListening = world.onChange((change) => {
    if (change.do === 'update' || change.do === 'webhook') void run();
  });
  void run();
  return () => {
    stopped.abort();
    stopListening();
  };
}

async function post(
  hook: { url: string; secret?: string },
  update: unknown,
  stopped: AbortSignal,
): Promise<string | undefined> {
  try {
    const response = await fetch(hook.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(hook.secret ? { 'x-telegram-bot-api-secret-token': hook.secret } : {}),
      },
      body: JSON.stringify(update),
      redirect: 'manual',
      signal: AbortSignal.any([stopped, AbortSignal.timeout(60_000)]),
    });
    await response.arrayBuffer();
    return response.ok
      ? undefined
      : `Wrong response from the webhook: ${response.status} ${response.statusText}`.trim();
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError'
      ? 'Read timeout expired'
      : 'Connection refused';
  }
}

function wait(milliseconds: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      stopped.removeEventListener('abort', done);
      resolve();
    }
    stopped.addEventListener('abort', done);
  });
}
