// The shelf of buttons: every word that a row of the `buttons` table may carry.
import type { ButtonAction } from '../button.ts';
import { acknowledge, acknowledgeHere, acknowledgeLine, release, resolve } from './alert-deeds.ts';
import { acknowledgeBoard, muteBoard } from './board-deeds.ts';
import { away, care } from './care-deeds.ts';
import { catchUp, catchUpAcknowledge, catchUpPile } from './catch-up-deeds.ts';
import {
  addChannel,
  channel,
  channels,
  enterCode,
  newCode,
  optOut,
  optOuts,
  removeChannel,
  renameChannel,
  renewChannel,
  switchChannel,
  testChannel,
} from './channel-deeds.ts';
import { digest } from './digest-deeds.ts';
import { exportRules, importFile } from './file-deeds.ts';
import { list, lists, removeItem, removeList } from './list-deeds.ts';
import { lift, mute, silences } from './mute-deeds.ts';
import { alerts, invite, meant, tryAgain } from './others.ts';
import { follow, pack, packs, share, takePack } from './pack-deeds.ts';
import { addKey, addPusher, endKey, map, pusher, pushers, renewKey } from './pushing-deeds.ts';
import { edit, mend, newRule, pause, remove, rule, rules, sample, trial, watch } from './rule-deeds.ts';
import { firstRule, morning, place, quiet, settings, zoneRight } from './settings-deeds.ts';
import { snooze } from './snooze.ts';
import {
  addHeartbeat,
  addTarget,
  heartbeat,
  offer,
  pauseOne,
  removeBeat,
  removeOne,
  renewBeat,
  sources,
  target,
} from './source-deeds.ts';
import { deliveries, delivery, sendAgain, style } from './style-deeds.ts';
import { topic, topics, watchTopic } from './topic-deeds.ts';
import { tune } from './tuning-deeds.ts';
import { held, history, why, whyAlert, whySpan } from './why.ts';

export const buttons: readonly ButtonAction[] = [
  acknowledge,
  acknowledgeHere,
  acknowledgeLine,
  acknowledgeBoard,
  muteBoard,
  release,
  resolve,
  snooze,
  why,
  whyAlert,
  whySpan,
  held,
  history,
  topics,
  topic,
  watchTopic,
  alerts,
  catchUp,
  catchUpAcknowledge,
  catchUpPile,
  digest,
  tune,
  rules,
  rule,
  newRule,
  pause,
  edit,
  remove,
  sample,
  trial,
  share,
  packs,
  addKey,
  addPusher,
  endKey,
  map,
  pusher,
  pushers,
  renewKey,
  sources,
  target,
  addTarget,
  offer,
  pauseOne,
  removeOne,
  heartbeat,
  addHeartbeat,
  renewBeat,
  removeBeat,
  pack,
  takePack,
  follow,
  watch,
  mend,
  zoneRight,
  firstRule,
  place,
  morning,
  quiet,
  settings,
  channels,
  channel,
  addChannel,
  enterCode,
  newCode,
  testChannel,
  switchChannel,
  renewChannel,
  renameChannel,
  removeChannel,
  optOuts,
  optOut,
  style,
  deliveries,
  delivery,
  sendAgain,
  exportRules,
  importFile,
  lists,
  list,
  removeItem,
  removeList,
  away,
  care,
  silences,
  mute,
  lift,
  invite,
  meant,
  tryAgain,
];
