// Groups: who joins and leaves, the bot coming and going, the step up to a supergroup, forum topics.
import { generalThread } from './methods/call.ts';
import type { SandboxPerson } from './people.ts';
import { snapshot } from './people.ts';
import { changeBot, changeMember, post, requireChat, requireUser } from './posting.ts';
import type { Chat, SandboxMessage } from './shapes.ts';
import { nextMessageId } from './state.ts';
import { botAsUser, type World } from './world.ts';

export interface GroupOptions {
  type?: 'group' | 'supergroup';
  forum?: boolean;
}

export interface SandboxGroup {
  /** The id the group has now (migrate changes it). */
  readonly id: number;
  readonly type: 'group' | 'supergroup';
  /** A person comes in; the first one owns the group. Joining again with `admin` promotes. */
  join(person: SandboxPerson, options?: { admin?: boolean }): void;
  leave(person: SandboxPerson): void;
  /** `topics: false`: an administrator that may not manage topics. Again with other options: its rights change. */
  addBot(by: SandboxPerson, options?: { admin?: boolean; topics?: boolean }): void;
  kickBot(by: SandboxPerson): void;
  /** Makes the group a supergroup, as Telegram does; returns the new id. */
  migrate(): number;
  /** Opens a forum topic; returns its thread id. */
  topic(by: SandboxPerson, name: string): number;
  /** Closes a topic for everybody who may not manage topics; 1 is “General”. */
  closeTopic(thread: number, by?: SandboxPerson): void;
  reopenTopic(thread: number, by?: SandboxPerson): void;
  /** A topic goes, with all that was said in it. */
  deleteTopic(thread: number): void;
  /** Topics are switched on or off. */
  setForum(on: boolean): void;
  members(): { id: number; status: string }[];
  messages(): SandboxMessage[];
}

/** Creates a group, or renames a known one. */
export function ensureGroup(world: World, id: number, title: string, options: GroupOptions = {}): void {
  if (id >= 0) throw new Error(`a group's id is negative, not ${id}`);
  const known = world.state.chats.get(id);
  const forum = options.forum ?? known?.forum ?? false;
  if (known && known.title === title && known.forum === forum) return;
  const type = known?.type ?? options.type ?? (forum ? 'supergroup' : 'group');
  world.commit({ do: 'chat', id, type, title, forum });
}

/** The handle of one group. */
export function groupHandle(world: World, firstId: number): SandboxGroup {
  const current = (): Chat & { type: 'group' | 'supergroup' } => {
    let chat = requireChat(world, firstId);
    while (chat.migratedTo !== undefined) chat = requireChat(world, chat.migratedTo);
    return chat as Chat & { type: 'group' | 'supergroup' };
  };
  const topicNamed = (thread: number) => {
    const general = thread === generalThread ? { name: 'General', closed: false } : undefined;
    const topic = current().topics.get(thread) ?? general;
    if (!topic) throw new Error(`no topic ${thread} in chat ${current().id}`);
    return topic;
  };
  const turn = (thread: number, closed: boolean, by?: SandboxPerson) => {
    const chat = current();
    const { name } = topicNamed(thread);
    world.commit({ do: 'topic', chat: chat.id, thread, name, closed });
    if (!by) return;
    const kind = closed ? 'topic-closed' : 'topic-reopened';
    const place = thread === generalThread ? {} : { threadId: thread };
    post(world, requireUser(world, by.id), chat, { ...place, service: { kind, name } });
  };
  const isIn = (id: number) => !['left', 'kicked', undefined].includes(current().members.get(id));
  const group: SandboxGroup = {
    get id() {
      return current().id;
    },
    get type() {
      return current().type;
    },
    join(person, { admin = false } = {}) {
      const user = requireUser(world, person.id);
      const isNew = !isIn(person.id);
      const status = current().members.size === 0 ? 'creator' : admin ? 'administrator' : 'member';
      if (!isNew && !admin) return;
      changeMember(world, user, current(), user, status);
      if (isNew) post(world, user, current(), { service: { kind: 'joined', users: [user] } });
    },
    leave(person) {
      if (!isIn(person.id)) return;
      const user = requireUser(world, person.id);
      post(world, user, current(), { service: { kind: 'left', user } });
      changeMember(world, user, current(), user, 'left');
    },
    addBot(by, { admin = false, topics = true } = {}) {
      if (!isIn(by.id)) group.join(by);
      const user = requireUser(world, by.id);
      const chat = current();
      const to = admin ? 'administrator' : 'member';
      const before = chat.bot;
      if (before === to && chat.topicRights === topics) return;
      changeBot(world, user, chat, to, before, topics);
      if (before === 'left' || before === 'kicked') {
        post(world, user, chat, { service: { kind: 'joined', users: [botAsUser(world)] } });
      }
    },
    kickBot(by) {
      const user = requireUser(world, by.id);
      const chat = current();
      if (chat.bot === 'left' || chat.bot === 'kicked') return;
      post(world, user, chat, { service: { kind: 'left', user: botAsUser(world) } });
      changeBot(world, user, chat, 'kicked', chat.bot);
    },
    migrate() {
      const from = current();
      if (from.type === 'supergroup') throw new Error(`chat ${from.id} is a supergroup already`);
      const to = -(1_000_000_000_000 + Math.abs(from.id));
      world.commit({ do: 'chat', id: to, type: 'supergroup', title: from.title, forum: false });
      for (const [user, status] of from.members) world.commit({ do: 'member', chat: to, user, status });
      world.commit({ do: 'bot', chat: to, status: from.bot });
      const owner = [...from.members.keys()][0];
      const by = owner === undefined ? botAsUser(world) : requireUser(world, owner);
      post(world, by, from, { service: { kind: 'migrated-to', chat: to } });
      world.commit({ do: 'migrated', from: from.id, to });
      post(world, by, requireChat(world, to), { service: { kind: 'migrated-from', chat: from.id } });
      return to;
    },
    topic(by, name) {
      const chat = current();
      if (!chat.forum) throw new Error(`chat ${chat.id} is not a forum`);
      const thread = nextMessageId(world.state, chat);
      world.commit({ do: 'topic', chat: chat.id, thread, name, closed: false });
      post(world, requireUser(world, by.id), chat, { threadId: thread, service: { kind: 'topic', name } });
      return thread;
    },
    closeTopic: (thread, by) => turn(thread, true, by),
    reopenTopic: (thread, by) => turn(thread, false, by),
    deleteTopic(thread) {
      world.commit({ do: 'topic', chat: current().id, thread, ...topicNamed(thread), deleted: true });
    },
    setForum(on) {
      const { id, title, type } = current();
      if (on && type === 'group') throw new Error(`chat ${id} is no supergroup; only those have topics`);
      world.commit({ do: 'chat', id, type, title, forum: on });
    },
    members: () => [...current().members].map(([id, status]) => ({ id, status })),
    messages: () => [...current().messages.values()].map(snapshot),
  };
  return group;
}
