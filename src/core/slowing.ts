// What is learnt from “too many requests”: whose limit was passed, and how much slower to speak to all chats together.
import type { Pace } from './pace.ts';

/** The part of the believed pace that was left at this instant; it grows back by itself. */
export interface Slowed {
  share: number;
  at: number;
}

/** After a refusal so much is left of what was spoken until then. */
const cut = 0.6;
const least = 0.05;
/** So long after a refusal it is as it was before it: what Telegram takes is not told, so more is tried, slowly. */
const backMs = 300_000;

/** The part of the believed pace that is spoken now. */
export function shareAt(slowed: Slowed | null, now: number): number {
  if (!slowed) return 1;
  return Math.min(1, slowed.share * cut ** -(Math.max(0, now - slowed.at) / backMs));
}

/** After one more refusal of the whole bot. */
export function slower(slowed: Slowed | null, now: number): Slowed {
  return { share: Math.max(least, shareAt(slowed, now) * cut), at: now };
}

/** This part of a pace; its burst shrinks more, because how many are taken at once is not known either. */
export function partOf(pace: Pace, share: number): Pace {
  return { everyMs: pace.everyMs / share, burst: Math.max(1, Math.floor(pace.burst * share ** 2)) };
}

/** A wait that was asked for at one instant, until another. */
export interface Wait {
  from: number;
  until: number;
}

/** Those who ask at the same time may have looked at the clock so long before each other. */
const apartMs = 5_000;

/** How long it is still to be waited; not at all by a clock that was set to before it was asked: the end would not come. */
export function waitLeft(wait: Wait | undefined, now: number): number | undefined {
  if (!wait || now > wait.until || now <= wait.from - apartMs) return undefined;
  return wait.until - now;
}

/** The last refusal after which nothing has come through elsewhere. */
interface Doubt extends Wait {
  address: string;
  call: number;
}

/**
 * Tells a chat's limit from that of the whole bot, which Telegram does not say. One chat that is refused while others are
 * taken has passed its own; when the next that is heard of another chat is a refusal, too, it is the bot.
 */
export interface Suspicion {
  /** Whether the last refusal is not answered yet: one call at a time finds out whose limit it was. */
  open(now: number): boolean;
  /** A call begins; its number is given back with what it came to. */
  begin(): number;
  taken(call: number, address: string): void;
  /** Whether it is the whole bot that shall wait. */
  refused(address: string, afterMs: number, now: number): boolean;
}

/** Remembers one refusal. Calls are compared by their numbers: those that began before it say nothing about after. */
export function openSuspicion(): Suspicion {
  let calls = 0;
  let doubt: Doubt | undefined;
  return {
    open: (now) => waitLeft(doubt, now) !== undefined,
    begin: () => ++calls,
    taken(call, address) {
      if (doubt && call > doubt.call && address !== doubt.address) doubt = undefined;
    },
    refused(address, afterMs, now) {
      const before = doubt;
      // Everything that began until now was on its way already.
      doubt = { address, call: calls, from: now, until: now + afterMs };
      return before?.address !== address && waitLeft(before, now) !== undefined;
    },
  };
}
