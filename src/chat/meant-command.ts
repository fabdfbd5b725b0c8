// Which of our commands was meant by one that we do not have: what others call the same, or what is nearly typed so.
import { nearest } from '#core/nearest.ts';

/** What else it is called by other programs and by people; nothing that a disk or a path is called. */
const alsoCalled: Record<string, string[]> = {
  silence: ['mute', 'unmute', 'snooze', 'shush', 'pause'],
  quiet: ['dnd', 'night', 'nights', 'donotdisturb'],
  away: ['vacation', 'holiday', 'holidays', 'oncall'],
  forget: ['erase', 'leave', 'stop', 'gdpr', 'deleteme', 'unregister'],
  rules: ['unsubscribe', 'unwatch', 'delete', 'remove', 'edit', 'subscriptions'],
  alerts: ['ack', 'acknowledge', 'resolve', 'status', 'open', 'burning'],
  subscribe: ['new', 'add', 'create', 'alert', 'threshold'],
  settings: ['timezone', 'zone', 'clock', 'config', 'preferences'],
  channels: ['email', 'mail', 'sms', 'notify', 'webhook'],
  members: ['users', 'people', 'admins'],
};

/** Its name, of those offered; undefined when nothing is near. */
export function meantCommand(typed: string, offered: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  return offered.find((name) => alsoCalled[name]?.includes(word)) ?? nearest(word, offered);
}
