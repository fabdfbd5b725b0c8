// What every update carries through the chat room, and what the room is given to work with.
import type { ConversationFlavor } from '@grammyjs/conversations';
import type { Context } from 'grammy';
import type { UserFromGetMe } from 'grammy/types';
import type { Actor } from '#core/actor.ts';
import type { Settings } from '#core/owner.ts';
import type { ActionBook } from '#operations/action-book.ts';
import type { BackTestBook } from '#operations/back-test-book.ts';
import type { AlertNamed } from '#operations/by-sight.ts';
import type { ChannelBook } from '#operations/channel-book.ts';
import type { KindBook } from '#operations/kind-book.ts';
import type { ModuleBook } from '#operations/module-book.ts';
import type { TemplateBook } from '#operations/template-book.ts';
import type { World } from '#operations/world.ts';
import type { ButtonRow } from '#store/buttons.ts';
import type { Group } from '#store/groups.ts';
import type { Person } from '#store/people.ts';
import type { Telegram } from '#telegram/client.ts';
import type { Command } from './command.ts';
import type { Opening } from './conversations/index.ts';
import type { Screen } from './screen.ts';

export interface ChatDeps {
  world: World;
  book: KindBook;
  backTests: BackTestBook;
  channels: ChannelBook;
  actions: ActionBook;
  modules: ModuleBook;
  templates: TemplateBook;
  /** Everything but files goes through it. */
  client: Telegram;
  /** `timeoutSeconds`: how long a file may take; 10 unless told. */
  telegram: { token: string; apiRoot: string; perSecond?: number; timeoutSeconds?: number };
  /** Telegram ids of those who may join without an invitation. */
  owners: readonly number[];
  publicUrl: string;
  now: () => number;
  /** Who the bot is, when that is known already; otherwise it is asked once. */
  botInfo?: UserFromGetMe;
  /** Waits; only used when Telegram asks for at most three seconds. */
  pause?: (ms: number) => Promise<void>;
  /** How long the answer that a rule is saved waits for what it would have told; a second unless told. */
  countMs?: number;
}

export type PersonActor = Extract<Actor, { is: 'person' }>;
export interface Who {
  person: Person;
  actor: PersonActor;
}

export interface Extras {
  deps: ChatDeps;
  /** When the update is handled, epoch milliseconds. */
  now: number;
  /** Undefined: a stranger, or somebody who hides behind a group's or channel's name. */
  who?: Who;
  /** The group of this chat, when it is one that Tocsin knows and is in. */
  group?: Group;
  /** Whose things are spoken of here: the group's in a group, otherwise the person's. */
  ownerId: string;
  /** The person's own settings; defaults for strangers. */
  settings: Settings & { name: string };
  /** The zone of what is shown here: the group's, otherwise the person's. */
  zone: string;
  /** The shelf, for /help and for the nearest name. */
  commands: readonly Command[];
  /** Shows a screen: in a new message, in the message whose button was pressed (`here`), or in the one named. */
  show(screen: Screen, where?: 'new' | 'here' | number): Promise<number | undefined>;
  /** Answers the press of a button; the first answer counts, too late ones are ignored. */
  toast(text?: string, options?: { alert?: boolean; url?: string }): Promise<void>;
  /** What the pressed button means, as the ledger knows it; undefined for others, and for those of dialogues. */
  button?: ButtonRow | undefined;
  /** The alert that it is about, and who pressed it, as they were then. */
  seen?: AlertNamed['seen'];
  /** A dialogue to open once the command or button is done. */
  opens?: Opening;
  /** Not done here: the running dialogue shall have it. */
  passesOn?: boolean;
  /** A dialogue was dropped because it was begun with an older version. */
  closed?: boolean;
}

export type ChatContext = ConversationFlavor<Context & Extras>;

/** The person, where only known people come; a bug otherwise. */
export function whoOf(ctx: ChatContext): Who {
  if (!ctx.who) throw new Error('a stranger came where only known people may');
  return ctx.who;
}
