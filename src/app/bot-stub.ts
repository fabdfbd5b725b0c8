import type { ChatDeps } from '../chat/context.ts';
export interface ChatBot {
  handle(update: unknown, now: number): Promise<void>;
}
export function createBot(_deps: ChatDeps): ChatBot {
  return { handle: async () => {} };
}
