// How much a bot may say: per private chat, per group, and in all, by the injected clock.

export interface Limits {
  /** Messages per second in one private chat. */
  privatePerSecond: number;
  /** Messages a rested private chat takes at once. */
  privateBurst: number;
  /** Messages per window in one group. */
  groupPerWindow: number;
  groupWindowSeconds: number;
  /** Messages per second to all chats together. */
  globalPerSecond: number;
  globalBurst: number;
}

export const telegramLimits: Limits = {
  privatePerSecond: 1,
  privateBurst: 5,
  groupPerWindow: 20,
  groupWindowSeconds: 60,
  globalPerSecond: 30,
  globalBurst: 30,
};

export interface FloodGate {
  /** Takes one slot for a chat; returns 0 when it may go on, else the whole seconds to wait. */
  take(chat: { id: number; type: string }, now: number): number;
}

/** Builds the gate. A refused call takes no slot and prolongs nothing. */
export function floodGate(overrides: Partial<Limits> | 'off' | undefined): FloodGate {
  if (overrides === 'off') return { take: () => 0 };
  const limits = { ...telegramLimits, ...overrides };
  const theoretical = new Map<number, number>();
  const windows = new Map<number, number[]>();
  const bans = new Map<number, number>();
  let globalTheoretical = 0;

  /** When the next slot of a leaky bucket (GCRA) opens; `tat` is its theoretical arrival time. */
  const bucketOpens = (tat: number, perSecond: number, burst: number, now: number) =>
    Math.max(tat, now) - ((burst - 1) * 1000) / perSecond;

  const privateOpens = (chat: number, now: number) =>
    bucketOpens(theoretical.get(chat) ?? 0, limits.privatePerSecond, limits.privateBurst, now);

  const groupOpens = (chat: number, now: number) => {
    const span = limits.groupWindowSeconds * 1000;
    const kept = (windows.get(chat) ?? []).filter((at) => at > now - span);
    windows.set(chat, kept);
    const oldest = kept[kept.length - limits.groupPerWindow];
    return oldest === undefined ? now : oldest + span;
  };

  const ban = (key: number, opens: number, now: number): number => {
    const seconds = Math.max(1, Math.ceil((opens - now) / 1000));
    bans.set(key, now + seconds * 1000);
    return seconds;
  };

  const banned = (key: number, now: number): number => {
    const until = bans.get(key);
    if (until === undefined) return 0;
    if (until > now) return Math.max(1, Math.ceil((until - now) / 1000));
    bans.delete(key);
    return 0;
  };

  return {
    take(chat, now) {
      const remaining = Math.max(banned(0, now), banned(chat.id, now));
      if (remaining > 0) return remaining;
      const isPrivate = chat.type === 'private';
      const chatOpens = isPrivate ? privateOpens(chat.id, now) : groupOpens(chat.id, now);
      if (chatOpens > now) return ban(chat.id, chatOpens, now);
      const allOpens = bucketOpens(globalTheoretical, limits.globalPerSecond, limits.globalBurst, now);
      if (allOpens > now) return ban(0, allOpens, now);
      globalTheoretical = Math.max(globalTheoretical, now) + 1000 / limits.globalPerSecond;
      if (isPrivate) {
        const tat = Math.max(theoretical.get(chat.id) ?? 0, now) + 1000 / limits.privatePerSecond;
        theoretical.set(chat.id, tat);
      } else windows.get(chat.id)?.push(now);
      return 0;
    },
  };
}
