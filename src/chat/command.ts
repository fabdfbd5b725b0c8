// The contract of a chat command: feeds the bot, /help and the command menu.
import type { ChatContext } from './context.ts';

export type Scope = 'private' | 'group';

export interface Command {
  /** 1-32 characters of a-z, 0-9 and _. */
  name: string;
  /** For the command menu and /help: what it does, a few words. */
  description: string;
  /** How to type it, where it takes something. */
  example?: string;
  scopes: readonly Scope[];
  /**
   * `member`: everybody who was let in. `admin`: who may let others in. `head`: they, and in a group its admins, who are
   * only known when they ask.
   */
  who: 'member' | 'admin' | 'head';
  /** Does it; `rest` is what was typed after the command. */
  handle(ctx: ChatContext, rest: string): Promise<void>;
}

/** Whether it is offered in this place to somebody with this role. */
export function isOffered(command: Command, scope: Scope, role: string): boolean {
  if (!command.scopes.includes(scope)) return false;
  if (command.who === 'member' || (command.who === 'head' && scope === 'group')) return true;
  return role === 'admin' || role === 'owner';
}
