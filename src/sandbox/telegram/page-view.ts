// What the page sees: everything in one piece at the start, small events afterwards.
import { snapshot } from './people.ts';
import type { SandboxMessage } from './shapes.ts';
import type { Signal, World } from './world.ts';

const messagesShown = 300;

/** People, chats, the bot, its commands and menus: all but the messages. */
export function directory(world: World): Record<string, unknown> {
  const { state } = world;
  const profile = (field: string) => state.profile.get(`${field}|`) ?? '';
  return {
    bot: {
      id: world.me.id,
      username: world.me.username,
      first_name: profile('name') || world.me.first_name,
      description: profile('description'),
      short_description: profile('short_description'),
    },
    people: [...state.people.values()],
    chats: [...state.chats.values()].map((chat) => ({
      id: chat.id,
      type: chat.type,
      title: chat.title,
      forum: chat.forum,
      bot: chat.bot,
      topicRights: chat.topicRights,
      members: Object.fromEntries(chat.members),
      topics: [...chat.topics].map(([id, topic]) => ({ id, ...topic })),
      pinned: chat.pinned,
      ...(chat.migratedTo === undefined ? {} : { migratedTo: chat.migratedTo }),
    })),
    commands: Object.fromEntries(state.commands),
    menus: Object.fromEntries(state.menus),
    webhook: state.webhook?.url ?? null,
    waiting: state.updates.length,
  };
}

/** The newest messages of every chat. */
export function recentMessages(world: World): SandboxMessage[] {
  return [...world.state.chats.values()].flatMap((chat) =>
    [...chat.messages.values()].slice(-messagesShown).map(snapshot),
  );
}

/** The message a signal is about, if any, as it stands now. */
function touched(world: World, signal: Signal): SandboxMessage[] {
  const find = (chat: number, ids: number[]) =>
    ids.flatMap((id) => {
      const message = world.state.chats.get(chat)?.messages.get(id);
      return message ? [snapshot(message)] : [];
    });
  switch (signal.do) {
    case 'message':
      return [signal.message];
    case 'edit':
    case 'react':
      return find(signal.chat, [signal.message_id]);
    case 'delete':
      return find(signal.chat, signal.message_ids);
    default:
      return [];
  }
}

const directoryChanges = new Set<Signal['do']>([
  'person',
  'chat',
  'member',
  'bot',
  'topic',
  'migrated',
  'pin',
  'commands',
  'profile',
  'menu',
  'webhook',
]);

/** A stream of server-sent events: `state` at once, then `message`, `directory` and `typing`. */
export function liveStream(world: World): Response {
  const encoder = new TextEncoder();
  let stop = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (event: string, data: unknown) =>
        controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
      send('state', { ...directory(world), messages: recentMessages(world), now: world.now() });
      let directoryDue = false;
      let closed = false;
      const beat = setInterval(() => controller.enqueue(encoder.encode(': beat\n\n')), 15_000);
      const stopListening = world.onChange((signal) => {
        for (const message of touched(world, signal)) send('message', message);
        if (signal.do === 'typing') send('typing', { chat: signal.chat, action: signal.action });
        if (!directoryChanges.has(signal.do) || directoryDue) return;
        directoryDue = true;
        queueMicrotask(() => {
          directoryDue = false;
          if (!closed) send('directory', directory(world));
        });
      });
      const end = () => {
        stop();
        controller.close();
      };
      world.closing.signal.addEventListener('abort', end);
      stop = () => {
        closed = true;
        world.closing.signal.removeEventListener('abort', end);
        clearInterval(beat);
        stopListening();
      };
    },
    cancel: () => stop(),
  });
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  });
}
