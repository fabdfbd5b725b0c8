// The long poller: asks for updates, keeps them, and only then lets Telegram forget them. One in the whole installation.
import { setTimeout as after } from 'node:timers/promises';
import { failpoint } from '#core/failpoint.ts';
import type { World } from '#operations/world.ts';
import { type Locks, openLocks } from '#store/locks.ts';
import type { CallFailure, Telegram } from '#telegram/client.ts';
import { type Keep, keep, wantedUpdates } from './incoming.ts';

export interface Poller {
  /** Whether this process is the one that polls. */
  leading(): boolean;
  /** Ends the poll under way and hands the lead on. */
  stop(): Promise<void>;
}

export interface PollerOptions {
  now: () => number;
  /** Seconds that Telegram holds an empty poll open. */
  holdSeconds?: number;
  /** Milliseconds between looks whether the lead is free, and after somebody else was found polling. */
  lookMs?: number;
  conflictMs?: number;
  /** How what came is kept; unless told, with a bell for whoever handles it. */
  keepAll?: Keep;
  /** Shared with whoever handles the updates, so that the connection is one. */
  locks?: Locks;
}

const lead = 'poller';

/** Starts polling, or waiting for the process that polls to end. Errors are logged and never end it. */
export function startPoller(
  world: World,
  telegram: Telegram,
  {
    now,
    holdSeconds = 25,
    lookMs = 2_000,
    conflictMs = 10_000,
    keepAll = (received, at) => keep(world, received, at),
    locks = openLocks(world.database),
  }: PollerOptions,
): Poller {
  const stopping = new AbortController();
  const { signal } = stopping;
  let offset: number | undefined;
  let failures = 0;
  let listening = false;

  async function turn(): Promise<void> {
    if (!locks.holds(lead)) {
      listening = false;
      if (!(await locks.take(lead))) return pause(lookMs, signal);
    }
    if (!listening) {
      const cleared = await telegram.call('deleteWebhook', {}, signal);
      if (signal.aborted) return;
      if (!cleared.ok) return afterFailure(cleared);
      listening = true;
      offset = undefined;
      world.log.info({}, 'listening to Telegram');
    }
    const answer = await telegram.call<unknown[]>(
      'getUpdates',
      {
        timeout: holdSeconds,
        limit: 100,
        allowed_updates: wantedUpdates,
        ...(offset === undefined ? {} : { offset }),
      },
      signal,
    );
    if (signal.aborted) return;
    if (!answer.ok) return afterFailure(answer);
    failures = 0;
    if (answer.result.length > 0) failpoint('poll.after_answer');
    await keepAll(answer.result, now());
    if (answer.result.length > 0) failpoint('poll.after_keep');
    const numbers = answer.result.map((update) => Number((update as { update_id?: unknown }).update_id));
    // Without an offset Telegram begins with the first unconfirmed one, also after its numbers began anew.
    offset = numbers.length > 0 ? Math.max(...numbers) + 1 : undefined;
  }

  async function afterFailure(failure: CallFailure): Promise<void> {
    const why = failure.is === 'refused' ? failure.description : failure.why;
    world.meter.count('tocsin_polls_failed_total', {
      why: failure.is === 'refused' ? String(failure.code) : failure.is,
    });
    if (failure.is === 'refused' && failure.code === 409) {
      world.log.warn({ why }, 'somebody else asks Telegram with this token');
      if (/webhook/i.test(why)) listening = false;
      return pause(conflictMs, signal);
    }
    failures += 1;
    if (failures === 1 || failures % 30 === 0) world.log.warn({ why, failures }, 'Telegram cannot be asked');
    const wait = failure.is === 'refused' ? (failure.retryAfter ?? 0) * 1000 : 0;
    return pause(Math.max(wait, Math.min(1000 * 2 ** (failures - 1), 10_000)), signal);
  }

  const running = (async () => {
    while (!signal.aborted) {
      try {
        await turn();
      } catch (error) {
        if (signal.aborted) break;
        failures += 1;
        world.log.warn({ err: error }, 'updates cannot be kept; Telegram keeps them until they can');
        await pause(Math.min(1000 * 2 ** (failures - 1), 10_000), signal);
      }
    }
    await locks.release(lead);
  })();

  return {
    leading: () => locks.holds(lead),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Resolves after so long, or as soon as it is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return after(ms, undefined, { signal }).catch(() => {});
}
