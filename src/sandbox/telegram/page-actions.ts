// The verbs of the sandbox's JSON API: what the page and tests in other processes can make people and faults do.
import type { Fault, FaultFilter } from './faults.ts';
import type { GroupOptions, SandboxGroup } from './groups.ts';
import { directory } from './page-view.ts';
import type { SandboxPerson } from './people.ts';
import { snapshot } from './people.ts';
import { webAppUrl } from './web-app.ts';
import type { World } from './world.ts';

export interface Hands {
  person(
    id: number,
    profile?: { first_name?: string; username?: string; language_code?: string },
  ): SandboxPerson;
  group(id: number, title: string, options?: GroupOptions): SandboxGroup;
}

type Input = Record<string, unknown>;
type Action = (input: Input, world: World, hands: Hands) => unknown;

/** A mistake of the caller; answered with 400 and this sentence. */
export class WrongInput extends Error {}

function number(input: Input, name: string): number {
  const value = input[name];
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new WrongInput(`“${name}” must be a number`);
  return value;
}

const maybeNumber = (input: Input, name: string) => (input[name] == null ? undefined : number(input, name));

function text(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== 'string') throw new WrongInput(`“${name}” must be text`);
  return value;
}

const maybeText = (input: Input, name: string) => (input[name] == null ? undefined : text(input, name));

function known(input: Input, world: World, hands: Hands): SandboxPerson {
  const id = number(input, 'person');
  if (!world.state.people.has(id)) throw new WrongInput(`there is no person ${id}`);
  return hands.person(id);
}

const maybeKnown = (input: Input, world: World, hands: Hands) =>
  input.person == null ? undefined : known(input, world, hands);

function knownGroup(input: Input, world: World, hands: Hands): SandboxGroup {
  const id = number(input, 'group');
  const chat = world.state.chats.get(id);
  if (!chat || chat.type === 'private') throw new WrongInput(`there is no group ${id}`);
  return hands.group(id, chat.title);
}

/** Options with the undefined ones left out. */
function only<T extends Record<string, unknown>>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

const where = (input: Input) =>
  only({
    chat: maybeNumber(input, 'chat'),
    replyTo: maybeNumber(input, 'replyTo'),
    threadId: maybeNumber(input, 'threadId'),
  });

/** The people a fresh sandbox begins with: Ana (7001), Ben (7002) and their group with the bot; known ones stay. */
export function seedPeople(hands: Hands): void {
  const ana = hands.person(7001, { first_name: 'Ana', username: 'ana' });
  const ben = hands.person(7002, { first_name: 'Ben', username: 'ben' });
  const team = hands.group(-1001, 'Team');
  team.join(ana);
  team.join(ben);
  team.addBot(ana);
}

export const actions: Record<string, Action> = {
  seed(_input, world, hands) {
    if (world.state.people.size === 0) seedPeople(hands);
  },
  person(input, world, hands) {
    const given = maybeNumber(input, 'id');
    const id = given ?? Math.max(7000, ...world.state.people.keys()) + 1;
    if (!Number.isInteger(id) || id <= 0) throw new WrongInput('“id” must be a whole number above zero');
    const profile = only({
      first_name: maybeText(input, 'first_name'),
      username: maybeText(input, 'username'),
      language_code: maybeText(input, 'language_code'),
    });
    hands.person(id, profile);
    return { id };
  },
  group(input, world, hands) {
    const given = maybeNumber(input, 'id');
    const id = given ?? Math.min(-1000, ...world.state.chats.keys()) - 1;
    if (!Number.isInteger(id) || id >= 0) throw new WrongInput('“id” must be a whole number below zero');
    const type = maybeText(input, 'type') === 'supergroup' ? 'supergroup' : undefined;
    hands.group(
      id,
      text(input, 'title'),
      only({ type, forum: input.forum === true ? true : undefined }) as GroupOptions,
    );
    return { id };
  },
  say: (input, world, hands) => known(input, world, hands).say(text(input, 'text'), where(input)),
  start: (input, world, hands) => known(input, world, hands).start(maybeText(input, 'payload')),
  location: (input, world, hands) =>
    known(input, world, hands).shareLocation(
      number(input, 'latitude'),
      number(input, 'longitude'),
      where(input),
    ),
  press(input, world, hands) {
    const data = maybeText(input, 'data');
    const options = only({
      chat: maybeNumber(input, 'chat'),
      messageId: maybeNumber(input, 'messageId'),
      timeout: maybeNumber(input, 'timeout'),
    });
    return known(input, world, hands).press(data === undefined ? text(input, 'button') : { data }, options);
  },
  'resend-press': (input, world, hands) =>
    known(input, world, hands).resendPress(only({ timeout: maybeNumber(input, 'timeout') })),
  block: (input, world, hands) => known(input, world, hands).block(),
  unblock: (input, world, hands) => known(input, world, hands).unblock(),
  deactivate: (input, world, hands) => known(input, world, hands).deactivate(),
  join: (input, world, hands) =>
    knownGroup(input, world, hands).join(known(input, world, hands), { admin: input.admin === true }),
  leave: (input, world, hands) => knownGroup(input, world, hands).leave(known(input, world, hands)),
  'add-bot': (input, world, hands) =>
    knownGroup(input, world, hands).addBot(known(input, world, hands), {
      admin: input.admin === true,
      topics: input.topics !== false,
    }),
  'kick-bot': (input, world, hands) => knownGroup(input, world, hands).kickBot(known(input, world, hands)),
  migrate: (input, world, hands) => ({ id: knownGroup(input, world, hands).migrate() }),
  topic: (input, world, hands) => ({
    thread: knownGroup(input, world, hands).topic(known(input, world, hands), text(input, 'name')),
  }),
  'close-topic': (input, world, hands) =>
    knownGroup(input, world, hands).closeTopic(number(input, 'thread'), maybeKnown(input, world, hands)),
  'reopen-topic': (input, world, hands) =>
    knownGroup(input, world, hands).reopenTopic(number(input, 'thread'), maybeKnown(input, world, hands)),
  'delete-topic': (input, world, hands) =>
    knownGroup(input, world, hands).deleteTopic(number(input, 'thread')),
  forum: (input, world, hands) => knownGroup(input, world, hands).setForum(input.on === true),
  'web-app': (input, world, hands) => {
    const person = world.state.people.get(known(input, world, hands).id)!;
    return { url: webAppUrl(text(input, 'url'), person, world.token, world.now()) };
  },
  'faults/next': (input, world) =>
    world.faults.next(number(input, 'n'), input.fault as Fault, (input.filter ?? {}) as FaultFilter),
  'faults/rate': (input, world) =>
    world.faults.rate(number(input, 'share'), input.fault as Fault, (input.filter ?? {}) as FaultFilter),
  'faults/clear': (_input, world) => world.faults.clear(),
  'faults/down': (input, world) => world.faults.down(input.down === true),
};

/** What can be read: everything, one chat's messages, or the calls made so far. */
export function read(name: string, query: URLSearchParams, world: World): unknown {
  if (name === 'state') return directory(world);
  if (name === 'messages') {
    const chat = world.state.chats.get(Number(query.get('chat')));
    return [...(chat?.messages.values() ?? [])].map(snapshot);
  }
  if (name === 'ledger') return world.ledger.slice(Number(query.get('from') ?? 0));
  return undefined;
}
