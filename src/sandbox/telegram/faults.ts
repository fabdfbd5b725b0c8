// Scripted misfortune for tests: answers that fail, sockets that break, a server that is gone.
import type { ResponseParameters } from '@grammyjs/types';

/**
 * `{status}`: that answer, nothing done (or done first, with `effect: true`) · `reset-before`: socket destroyed,
 * nothing done · `drop-answer`: done, then the socket destroyed · `hang` / `hang-after`: never answers, not done / done.
 */
export type Fault =
  | { status: number; description: string; parameters?: ResponseParameters; effect?: boolean }
  | 'reset-before'
  | 'drop-answer'
  | 'hang'
  | 'hang-after';

/** Which calls a fault hits; everything given must match. getUpdates is only hit when named. */
export interface FaultFilter {
  method?: string | string[];
  chat?: number | number[];
}

export interface FaultScript {
  /** The next `n` matching calls fail this way. */
  next(n: number, fault: Fault, filter?: FaultFilter): void;
  /** This share (0..1) of the matching calls fails this way. */
  rate(share: number, fault: Fault, filter?: FaultFilter): void;
  /** Forgets every fault and brings the server back up. */
  clear(): Promise<void>;
  /** true: open connections are cut and new ones refused; resolves when it is so. */
  down(isDown: boolean): Promise<void>;
}

export interface FaultLine extends FaultScript {
  /** The fault for this call, if one was scripted; uses up `next` faults. */
  draw(method: string, chat: number | undefined): Fault | undefined;
}

interface Planned {
  fault: Fault;
  filter: FaultFilter;
  left?: number;
  share?: number;
}

/** Makes an empty script; `random` gives 0..1 for the shares. */
export function faultLine(random: () => number, setDown: (isDown: boolean) => Promise<void>): FaultLine {
  let planned: Planned[] = [];
  let down = false;
  const go = async (isDown: boolean) => {
    if (down === isDown) return;
    down = isDown;
    await setDown(isDown);
  };
  const matches = (plan: Planned, method: string, chat: number | undefined) => {
    const methods = asList(plan.filter.method).map((name) => name.toLowerCase());
    if (methods.length === 0 ? method === 'getupdates' : !methods.includes(method)) return false;
    const chats = asList(plan.filter.chat);
    return chats.length === 0 || (chat !== undefined && chats.includes(chat));
  };
  return {
    next: (n, fault, filter = {}) => void planned.push({ fault, filter, left: n }),
    rate: (share, fault, filter = {}) => void planned.push({ fault, filter, share }),
    clear: async () => {
      planned = [];
      await go(false);
    },
    down: go,
    draw: (method, chat) => {
      for (const plan of planned) {
        if (!matches(plan, method.toLowerCase(), chat)) continue;
        if (plan.share !== undefined) {
          if (random() < plan.share) return plan.fault;
        } else if (plan.left !== undefined && plan.left > 0) {
          plan.left -= 1;
          return plan.fault;
        }
      }
      return undefined;
    },
  };
}

function asList<T>(value: T | T[] | undefined): T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
