// What operations and the chat may know of the kinds of actions. The act room fills it in.
import type { ActRequest } from '#core/act.ts';
import type { Alert } from '#core/alert.ts';

export type Params = Record<string, unknown>;

/** One time that an action is wanted. */
export interface Wanted {
  /** Of the act; the same over every attempt. */
  id: string;
  /** The action's name. */
  action: string;
  alert: Alert;
  by: { id: string; name: string };
  now: number;
}

export interface ActionBook {
  kinds(): { name: string; title: string; example: Params }[];
  /** The params as the ledger keeps them, or every fault with its path. */
  check(
    kind: string,
    params: unknown,
  ): { ok: true; params: Params } | { ok: false; faults: { path: string; text: string }[] };
  /** What would be sent for this alert, or why it cannot be. */
  plan(
    kind: string,
    params: Params,
    wanted: Wanted,
  ): { ok: true; request: ActRequest } | { ok: false; fault: string };
}
