// The running emulator: its state, its clock, and the one way to change it.
import type { ResponseParameters, Update, User, UserFromGetMe } from '@grammyjs/types';
import type { FaultLine } from './faults.ts';
import type { FloodGate } from './limits.ts';
import type { Change, UpdateKind } from './shapes.ts';
import { apply, type State } from './state.ts';

/** One call of the Bot API as it happened. */
export interface LedgerEntry {
  at: number;
  method: string;
  params: Record<string, unknown>;
  chatId?: number;
  ok: boolean;
  error?: { code: number; description: string; parameters?: ResponseParameters };
  message_id?: number;
  /** The scripted fault that hit this call, if any. */
  fault?: string;
}

/** What listeners hear: a recorded change, or something that leaves no trace (the bot is typing). */
export type Signal = Change | { do: 'typing'; chat: number; action: string };

/** What came late to the Bot API: a server without it refuses what asks for it. */
export type Lack = 'date_time' | 'copy_text' | 'style';

export interface World {
  readonly state: State;
  readonly token: string;
  readonly me: UserFromGetMe;
  readonly gate: FloodGate;
  readonly faults: FaultLine;
  readonly ledger: LedgerEntry[];
  readonly lacks: ReadonlySet<Lack>;
  now(): number;
  /** Records a change, applies it, tells the listeners. */
  commit(change: Change): void;
  signal(signal: Signal): void;
  onChange(listener: (signal: Signal) => void): () => void;
  /** The open long poll: the next one ends it. */
  poll: { end(reason: 'conflict' | 'stopped'): void } | null;
  /** Aborted when the sandbox stops; ends open live streams. */
  readonly closing: AbortController;
  webhookTrouble: { at: number; message: string } | null;
}

const ledgerKeeps = 200_000;

/** Adds a call to the ledger; a sandbox that runs for months forgets its oldest calls. */
export function record(world: World, entry: LedgerEntry): void {
  world.ledger.push(entry);
  if (world.ledger.length > ledgerKeeps) world.ledger.splice(0, ledgerKeeps / 10);
}

/** Makes the world around a state; `write` puts each change into the journal. */
export function makeWorld(parts: {
  state: State;
  token: string;
  username: string;
  gate: FloodGate;
  faults: FaultLine;
  now: () => number;
  write: (change: Change) => void;
  privateTopics: boolean;
  lacks: ReadonlySet<Lack>;
}): World {
  const listeners = new Set<(signal: Signal) => void>();
  const signal = (heard: Signal) => {
    for (const listener of [...listeners]) listener(heard);
  };
  return {
    state: parts.state,
    token: parts.token,
    me: {
      ...botUser(Number(parts.token.split(':')[0]), parts.username),
      has_topics_enabled: parts.privateTopics,
    },
    gate: parts.gate,
    faults: parts.faults,
    ledger: [],
    lacks: parts.lacks,
    now: parts.now,
    commit(change) {
      // Through JSON, so that what runs is what a replay would give and nobody shares an object with the state.
      const line = JSON.parse(JSON.stringify(change)) as Change;
      parts.write(line);
      apply(parts.state, line);
      signal(line);
    },
    signal,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    poll: null,
    closing: new AbortController(),
    webhookTrouble: null,
  };
}

function botUser(id: number, username: string): UserFromGetMe {
  return {
    id,
    is_bot: true,
    first_name: 'Tocsin',
    username,
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    can_manage_bots: false,
    supports_join_request_queries: false,
  };
}

/** The bot as it appears in messages. */
export function botAsUser(world: World): User {
  const { id, is_bot, first_name, username } = world.me;
  return { id, is_bot, first_name, username };
}

const onlyWhenAsked: UpdateKind[] = ['chat_member', 'message_reaction', 'message_reaction_count'];

/** Puts an update into the bot's queue, unless the bot did not ask for this kind. */
export function queueUpdate(world: World, content: Omit<Update, 'update_id'>): void {
  const kind = Object.keys(content)[0] as UpdateKind;
  const { allowed, lastUpdateId } = world.state;
  const wanted = allowed.length > 0 ? allowed.includes(kind) : !onlyWhenAsked.includes(kind);
  if (!wanted) return;
  world.commit({ do: 'update', update: { update_id: lastUpdateId + 1, ...content }, at: world.now() });
}
