// The Telegram sandbox: a Bot API on this machine with people in it, for trying the bot without an account and for tests.
import { type FaultScript, faultLine } from './faults.ts';
import { ensureGroup, type GroupOptions, groupHandle, type SandboxGroup } from './groups.ts';
import { journalWriter, readJournal } from './journal.ts';
import { floodGate, type Limits } from './limits.ts';
import { pageFor } from './page.ts';
import { ensurePerson, personHands, type SandboxPerson, snapshot } from './people.ts';
import { type BotApiServer, listen } from './server.ts';
import type { SandboxMessage } from './shapes.ts';
import { apply, emptyState } from './state.ts';
import { startWebhookDelivery } from './webhook.ts';
import { type Lack, type LedgerEntry, makeWorld, type Signal } from './world.ts';

export type { Fault, FaultFilter, FaultScript } from './faults.ts';
export type { GroupOptions, SandboxGroup } from './groups.ts';
export { parseHtml } from './html-entities.ts';
export type { Limits } from './limits.ts';
export type { SandboxPerson, SayOptions } from './people.ts';
export type { PressResult } from './pressing.ts';
export { labels } from './pressing.ts';
export type { SandboxMessage } from './shapes.ts';
export type { Lack, LedgerEntry, Signal } from './world.ts';

export interface SandboxOptions {
  token?: string;
  /** The bot's username, without @. */
  username?: string;
  /** Port of the Bot API; 0 takes a free one. */
  port?: number;
  host?: string;
  /** Epoch milliseconds. */
  now: () => number;
  /** Path of the append-only file that keeps everything across restarts. */
  journal?: string;
  limits?: Partial<Limits> | 'off';
  /** From 0 up to 1: which calls a fault rate hits. */
  random: () => number;
  /** The bot has topics in private chats, as its owner may choose in BotFather. */
  privateTopics?: boolean;
  /** What this Bot API server is too old to know. */
  lacks?: Lack[];
}

export interface Profile {
  first_name?: string;
  username?: string;
  language_code?: string;
}

export interface TelegramSandbox {
  readonly apiRoot: string;
  readonly token: string;
  readonly username: string;
  /** Gets or creates a person; the private chat has the same id. */
  person(id: number, profile?: Profile): SandboxPerson;
  /** Everybody who is here, also those whom the page made. */
  everybody(): { id: number; first_name: string }[];
  /** Gets or creates a group (negative id). */
  group(id: number, title: string, options?: GroupOptions): SandboxGroup;
  /** Every message of a chat, deleted ones too, oldest first; empty for an unknown chat. */
  messages(chatId: number): SandboxMessage[];
  readonly faults: FaultScript;
  readonly ledger: LedgerEntry[];
  onChange(listener: (change: Signal) => void): () => void;
  /** Serves everything below /sandbox. */
  page(request: Request): Promise<Response>;
  stop(): Promise<void>;
}

const defaultToken = '110201543:SANDBOX-not-a-real-token-0123456789';

/** Starts the Bot API and gives the hands to play people with; replays the journal first. */
export async function startTelegramSandbox(options: SandboxOptions): Promise<TelegramSandbox> {
  const { now } = options;
  const state = emptyState();
  if (options.journal) for (const change of readJournal(options.journal)) apply(state, change);
  let server: BotApiServer | undefined;
  const world = makeWorld({
    state,
    token: options.token ?? defaultToken,
    username: options.username ?? 'tocsin_bot',
    gate: floodGate(options.limits),
    faults: faultLine(options.random, async (isDown) => server?.setDown(isDown)),
    now,
    write: options.journal ? journalWriter(options.journal) : () => {},
    privateTopics: options.privateTopics ?? false,
    lacks: new Set(options.lacks),
  });
  const people = new Map<number, SandboxPerson>();
  const person = (id: number, profile?: Profile): SandboxPerson => {
    ensurePerson(world, id, profile);
    const hands = people.get(id) ?? personHands(world, id);
    people.set(id, hands);
    return hands;
  };
  const group = (id: number, title: string, groupOptions?: GroupOptions): SandboxGroup => {
    ensureGroup(world, id, title, groupOptions);
    return groupHandle(world, id);
  };
  const page = pageFor(world, { person, group });
  server = await listen(world, page, { port: options.port ?? 0, host: options.host ?? '127.0.0.1' });
  const stopWebhook = startWebhookDelivery(world);
  const { port, stop } = server;
  return {
    apiRoot: `http://${server.host}:${port}`,
    token: world.token,
    username: world.me.username,
    person,
    everybody: () => [...state.people.values()],
    group,
    messages: (chatId) => [...(state.chats.get(chatId)?.messages.values() ?? [])].map(snapshot),
    faults: world.faults,
    ledger: world.ledger,
    onChange: world.onChange,
    page,
    stop: async () => {
      world.closing.abort();
      stopWebhook();
      await stop();
    },
  };
}
