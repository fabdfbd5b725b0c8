// The contract of a kind of action: what it would do for an alert, and doing it once.
import type { z } from 'zod';
import type { ActOutcome, ActRequest } from '#core/act.ts';
import type { Params, Wanted } from '#operations/action-book.ts';
import type { Outbound } from '#outbound/fetch.ts';

/** What an attempt is given. */
export interface Doing {
  /** Of the act: the same over every attempt, so that the other side can recognise a repeat. */
  id: string;
  attempt: number;
  params: Params;
  secret: string;
  outbound: Outbound;
  now: number;
}

export interface ActionKind {
  /** The word in the ledger. */
  name: string;
  /** What people call it. */
  title: string;
  /** Each field has a label and a hint (`.meta`). */
  params: z.ZodObject;
  example: Params;
  /** Pure: what would be sent, or a part of a sentence why it cannot be. */
  plan(params: Params, wanted: Wanted): { ok: true; request: ActRequest } | { ok: false; fault: string };
  /** One attempt at exactly this; never throws for what the other side does, never tries twice by itself. */
  run(request: ActRequest, doing: Doing): Promise<ActOutcome>;
  /** Longest that an attempt takes, milliseconds. */
  timeoutMs(params: Params): number;
}
