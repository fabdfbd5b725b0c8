// The channels there are. A new one: copy the nearest file, add a line here.
import type { World } from '#operations/world.ts';
import type { Outbound } from '#outbound/fetch.ts';
import type { Telegram } from '#telegram/client.ts';
import type { Channel } from '../channel.ts';
import type { SmsGateway } from '../sms-gateway.ts';
import type { SmtpAccount } from '../smtp.ts';
import { browserChannel } from './browser.ts';
import { emailChannel } from './email.ts';
import { matrixChannel } from './matrix.ts';
import { mattermostChannel } from './mattermost.ts';
import { ntfyChannel } from './ntfy.ts';
import { peerChannel } from './peer.ts';
import { signalChannel } from './signal.ts';
import { smsChannel } from './sms.ts';
import { telegramChannel } from './telegram.ts';
import { wakuChannel } from './waku.ts';
import { webhookChannel } from './webhook.ts';

/** What the operator has set up to reach people by; what is not there cannot be chosen. */
export interface Gateways {
  mail?: SmtpAccount | undefined;
  sms?: SmsGateway | undefined;
  signal?: URL | undefined;
  matrix?: URL | undefined;
  waku?: URL | undefined;
}

/** What channels are made of; each takes what it needs. */
export interface ChannelParts extends Gateways {
  world: World;
  telegram: Telegram;
  /** Messages a second in all chats of Telegram together. */
  perSecond?: number | undefined;
  outbound: Outbound;
  /** Where people and machines reach this server. */
  publicUrl: string;
}

/** Every channel, in the order in which people see them. */
export const channelsOf = (parts: ChannelParts): Channel[] => [
  telegramChannel(parts),
  browserChannel(parts),
  emailChannel(parts),
  smsChannel(parts),
  signalChannel(parts),
  matrixChannel(parts),
  mattermostChannel(parts),
  ntfyChannel(parts),
  wakuChannel(parts),
  webhookChannel(parts),
  peerChannel(parts),
];
