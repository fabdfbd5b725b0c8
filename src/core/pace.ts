// How fast one address may be spoken to: a steady interval with a small burst (GCRA).

export interface Pace {
  /** Milliseconds between turns once the burst is used up. */
  everyMs: number;
  /** Turns a rested address takes at once. */
  burst: number;
}

/**
 * Telegram's: a private chat, a group (never more than 20 turns in any 60 s), and all chats together: nearly 30 a second, and
 * so few at once that some may be on their way for a quarter of a second longer than others.
 */
export const paces = {
  private: { everyMs: 1000, burst: 3 },
  group: { everyMs: 4000, burst: 4 },
  whole: { everyMs: 34, burst: 22 },
} as const satisfies Record<string, Pace>;

/**
 * The pace of all chats together where Telegram takes so many messages a second from this bot (30 from most, up to 1,000
 * for money); a little less than that, because its clock is not ours. 0: nothing limits them here.
 */
export function wholePace(perSecond = 30): Pace | null {
  if (perSecond === 0) return null;
  return {
    everyMs: (paces.whole.everyMs * 30) / perSecond,
    burst: Math.max(1, Math.floor((perSecond * paces.whole.burst) / 30)),
  };
}

/** Whether a turn may be taken at `now` when the next one opens at `freeAt`. */
export function isFree(freeAt: number, now: number): boolean {
  return freeAt <= now;
}

/** When the turn after this one opens; a rested address has its whole burst again. */
export function afterTurn(pace: Pace, freeAt: number, now: number): number {
  const slack = (pace.burst - 1) * pace.everyMs;
  return Math.max(freeAt + slack, now) + pace.everyMs - slack;
}
