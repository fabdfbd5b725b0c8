// Every button, with something to press it on and who may change something by it; `button-rights.test.ts` tries them all.
import type { Scene } from './button-scene.ts';

export interface ButtonRow {
  /** What stands in the row beside the action; nothing when left out. */
  payload?: (scene: Scene) => string;
  /**
   * Whose press changes something, on what belongs to a group and in it: its members, its admins, the installation's
   * admins. Empty: the button shows, asks or opens a dialogue, and changes nothing by itself.
   */
  may: '' | 'staff' | 'head staff' | 'member head staff';
  /** It is about whoever presses it, not about whose chat it is. */
  own?: true;
  /** It erases whoever presses it, so that nobody of the cast who may does; a story does. */
  ends?: true;
  /** It is about what belongs to the chat that it is pressed in, whatever its row names. */
  here?: true;
}
const shows = { may: '' } as const;

export const rows: Record<string, ButtonRow> = {
  acknowledge: { may: 'member head staff' },
  'acknowledge-here': { may: 'member head staff' },
  'acknowledge-line': { may: 'member head staff' },
  'board-acknowledge': shows,
  'board-mute': shows,
  release: shows,
  resolve: { may: 'member head staff' },
  snooze: { payload: () => '{"for":"1h"}', may: 'member head staff' },
  'mute-in-place': { payload: () => '{"for":3600000}', may: 'head staff' },
  why: shows,
  'why-alert': shows,
  'why-span': { payload: () => '1d', may: '' },
  held: shows,
  history: { payload: () => '0', may: '' },
  topics: { payload: () => '0', may: '' },
  topic: { payload: () => 'disk.usage', may: '' },
  'topic-watch': { payload: () => 'disk.usage', may: '' },
  alerts: shows,
  catchup: { payload: ({ now }) => `${now - 86_400_000} 0 0`, may: '' },
  'catchup-acknowledge': { may: 'member head staff' },
  'catchup-pile': {
    payload: ({ now }) => `${now + 1} ${now - 86_400_000} 0 0`,
    may: 'member head staff',
    here: true,
  },
  digest: { payload: () => 'daily', may: 'head staff', here: true },
  tune: { payload: ({ ruleId }) => `${ruleId} limit 95`, may: 'head staff' },
  rules: { payload: () => '0', may: '' },
  rule: { payload: ({ ruleId }) => ruleId, may: '' },
  'new-rule': shows,
  pause: { payload: ({ ruleId }) => `on ${ruleId}`, may: 'head staff' },
  edit: { payload: ({ ruleId }) => ruleId, may: '' },
  delete: { payload: ({ ruleId }) => `${ruleId} surely`, may: 'head staff' },
  sample: { payload: ({ ruleId }) => ruleId, may: 'head staff' },
  words: { payload: ({ ruleId }) => ruleId, may: '' },
  trial: { payload: ({ ruleId }) => `on ${ruleId}`, may: 'head staff' },
  // The scene's rule is shared already, and nothing in it has changed.
  share: { payload: ({ ruleId }) => ruleId, may: '' },
  packs: shows,
  'key-add': { payload: ({ sourceId }) => sourceId, may: 'staff' },
  'pusher-add': shows,
  'key-revoke': { payload: ({ keyId }) => `${keyId} surely`, may: 'staff' },
  map: { payload: ({ sourceId }) => sourceId, may: '' },
  pusher: { payload: ({ sourceId }) => sourceId, may: '' },
  pushers: shows,
  'key-renew': { payload: ({ keyId }) => keyId, may: 'staff' },
  sources: shows,
  target: { payload: ({ targetId }) => targetId, may: '' },
  'target-add': { payload: () => 'metrics', may: '' },
  offer: { payload: ({ targetId }) => `${targetId} all`, may: 'staff' },
  'target-pause': { payload: ({ targetId }) => `on ${targetId}`, may: 'staff' },
  'target-remove': { payload: ({ targetId }) => `${targetId} surely`, may: 'staff' },
  heartbeat: { payload: ({ heartbeatId }) => heartbeatId, may: '' },
  'heartbeat-add': shows,
  'heartbeat-renew': { payload: ({ heartbeatId }) => `${heartbeatId} surely`, may: 'head staff' },
  'heartbeat-remove': { payload: ({ heartbeatId }) => `${heartbeatId} surely`, may: 'head staff' },
  pack: { payload: ({ packId }) => packId, may: '' },
  'take-pack': { payload: ({ packId }) => packId, may: '', here: true },
  'follow-pack': { payload: ({ ruleId }) => `keep ${ruleId}`, may: '' },
  watch: shows,
  mend: shows,
  'zone-right': { payload: () => 'Asia/Tokyo', may: 'member head staff', own: true },
  'first-rule': shows,
  place: shows,
  morning: { payload: () => '420', may: 'head staff', here: true },
  quiet: { payload: () => '1320 420', may: 'head staff', here: true },
  settings: shows,
  channels: shows,
  channel: { payload: ({ receiverId }) => receiverId, may: '' },
  'channel-add': shows,
  'channel-code': { payload: ({ receiverId }) => receiverId, may: '' },
  'channel-new-code': { payload: ({ receiverId }) => receiverId, may: '' },
  'channel-test': { payload: ({ receiverId }) => receiverId, may: 'head staff' },
  'channel-switch': { payload: ({ receiverId }) => `off ${receiverId}`, may: 'head staff' },
  'channel-secret': { payload: ({ receiverId }) => receiverId, may: '' },
  'channel-rename': { payload: ({ receiverId }) => receiverId, may: '' },
  // The chat itself; other addresses are removed by who may change settings, as in the tests of receivers.
  'channel-remove': { payload: ({ receiverId }) => `${receiverId} surely`, may: '' },
  'opt-outs': { payload: ({ receiverId }) => receiverId, may: '' },
  'opt-out': { payload: () => 'in * disk.usage', may: 'head staff', here: true },
  style: { payload: ({ receiverId }) => `${receiverId} least 0`, may: 'head staff' },
  // The scene's group has no topics of Telegram's, and its one place nobody to copy from.
  forum: shows,
  'named-styles': shows,
  'named-style': { payload: () => 'Work', may: '' },
  'named-style-rename': { payload: () => 'Work', may: '' },
  // A chat has its own name; who may name another place stands in the tests of the operations.
  'named-style-add': { payload: ({ receiverId }) => `Work\n${receiverId}`, may: '' },
  'style-copy': { payload: ({ receiverId }) => receiverId, may: '' },
  whole: shows,
  deliveries: { payload: ({ receiverId }) => receiverId, may: '' },
  delivery: { payload: ({ receiverId, deliveryId }) => `${receiverId} ${deliveryId}`, may: '' },
  'delivery-again': {
    payload: ({ receiverId, deliveryId }) => `retry ${receiverId} ${deliveryId}`,
    may: 'head staff',
  },
  export: shows,
  import: { payload: () => 'yaml none', may: '' },
  lists: shows,
  list: { payload: () => 'blocks', may: '' },
  'list-remove': { payload: () => 'blocks 0 one', may: 'head staff', here: true },
  'list-delete': { payload: () => 'blocks surely', may: 'head staff', here: true },
  // The scene has no action; who may press and confirm one stands in the tests of the operations.
  act: shows,
  'act-yes': shows,
  'act-no': shows,
  'act-look': shows,
  // The scene has no broadcast; who may continue and stop one stands in the tests of the operations.
  broadcast: shows,
  broadcasts: shows,
  'broadcast-seen': shows,
  'broadcast-out': { may: 'head staff', here: true },
  'broadcast-rest': shows,
  'broadcast-stop': shows,
  'new-broadcast': shows,
  members: shows,
  'member-remove': { payload: () => 'p_none surely', may: '' },
  'forget-me': { may: '', ends: true },
  away: { payload: ({ now }) => `${now + 86_400_000} nobody`, may: 'member head staff', own: true },
  care: { payload: () => 'remind 3600000', may: 'head staff', here: true },
  silences: shows,
  mute: { payload: ({ ruleId }) => `rule ${ruleId} 3600000`, may: 'head staff' },
  lift: { payload: ({ silenceId }) => silenceId, may: 'head staff' },
  'lift-all': { payload: ({ silenceId }) => silenceId, may: 'head staff' },
  invite: { payload: () => 'member', may: 'staff' },
  command: { payload: () => 'help', may: '' },
  'retry-notification': { payload: ({ notificationId }) => String(notificationId), may: 'head staff' },
};
