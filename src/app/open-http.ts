// The HTTP door of this process, with the rooms that answer behind it.
import { webhookDoor } from '#chat/webhook.ts';
import { hasScope, openKeyBook } from '#ingest/key-book.ts';
import { mailPages } from '#notify/mail-pages.ts';
import { pushPages } from '#notify/push-pages.ts';
import { makeDoor, type OpenDoor, openDoor } from '../http.ts';
import type { Messenger } from './embedded.ts';
import type { Health } from './health.ts';
import type { Rooms } from './rooms.ts';
import type { Starting } from './starting.ts';
import { webhookPlace } from './webhook-place.ts';

export interface HttpDeps {
  rooms: Rooms;
  messenger: Messenger;
  health(): Promise<Health>;
  ready(): boolean;
}

/** Opens the door where the configuration says; it is closed with the program. */
export async function openHttp(deps: HttpDeps, starting: Starting): Promise<OpenDoor> {
  const { rooms, messenger, health, ready } = deps;
  const { config, has, now, log, metrics, closing } = starting;
  const { publicUrl } = config;
  const keys = openKeyBook(rooms.world);
  const hook = webhookPlace(messenger.token);
  const keepUpdates = has('bot') ? rooms.takeUpdates : rooms.keepUpdates;
  const app = makeDoor({
    ingest: rooms.ingest,
    dashboard: rooms.dashboard,
    health,
    ready,
    metrics,
    mayRead: async (text) => {
      const caller = await keys.find(text, now());
      return caller !== undefined && hasScope(caller, 'read');
    },
    push: pushPages(rooms.world, rooms.channels, now),
    mail: mailPages(rooms.world, now),
    ...(messenger.page ? { sandbox: messenger.page } : {}),
    ...(publicUrl ? { publicHost: new URL(publicUrl).hostname } : {}),
    ...(config.telegram.mode === 'webhook'
      ? { webhook: { path: hook.path, answer: webhookDoor(rooms.world, hook.secret, now, keepUpdates) } }
      : {}),
    broke: (error, route) => log.error({ err: error, route }, 'a request broke something'),
  });
  const door = await openDoor(app, config.host, config.port, rooms.ingest.plain);
  // The door waits for its connections, and a stream is one until it is told to end.
  closing.work('the streams', () => rooms.live.close());
  closing.work('the door', () => door.close());
  metrics.gauge('tocsin_stream_readers', 'how many follow the stream', () => rooms.live.size());
  return door;
}
