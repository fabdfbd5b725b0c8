// Receivers that are decided for each by itself: a few at a time, and no receiver twice at once.

interface Due {
  now: number;
  tell: () => void;
  refuse: (error: unknown) => void;
}

export interface Apart {
  /** Whether something is done for it, or waits to be. */
  has(receiverId: string): boolean;
  /** Resolves when it is done; at once when it waits already, which sees the same. */
  ask(receiverId: string, now: number): Promise<void>;
}

/** `most`: how many at once. */
export function openApart(work: (receiverId: string, now: number) => Promise<void>, most: number): Apart {
  const due = new Map<string, Due>();
  const running = new Set<string>();

  function pump(): void {
    for (const [id, { now, tell, refuse }] of due) {
      if (running.size >= most) return;
      if (running.has(id)) continue;
      due.delete(id);
      running.add(id);
      const ended = () => {
        running.delete(id);
        pump();
      };
      void work(id, now).then(tell, refuse).then(ended);
    }
  }

  return {
    has: (receiverId) => due.has(receiverId) || running.has(receiverId),
    ask(receiverId, now) {
      const before = due.get(receiverId);
      if (before) {
        before.now = Math.max(before.now, now);
        return Promise.resolve();
      }
      return new Promise<void>((tell, refuse) => {
        due.set(receiverId, { now, tell, refuse });
        pump();
      });
    },
  };
}
