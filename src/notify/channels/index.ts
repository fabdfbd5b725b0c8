// The channels there are. A new one: copy the nearest file, add a line here.
import type { World } from '#operations/world.ts';
import type { Outbound } from '#outbound/fetch.ts';
import type { Telegram } from '#telegram/client.ts';
import type { Channel } from '../channel.ts';
import { telegramChannel } from './telegram.ts';
import { webhookChannel } from './webhook.ts';

/** What channels are made of; each takes what it needs. */
export interface ChannelParts {
  world: World;
  telegram: Telegram;
  outbound: Outbound;
  /** Where people and machines reach this server. */
  publicUrl: string;
}

/** Every channel, in the order in which people see them. */
export const channelsOf = (parts: ChannelParts): Channel[] => [telegramChannel(parts), webhookChannel(parts)];
