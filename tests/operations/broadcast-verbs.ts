// The verbs of broadcasts, as the matrix of rights tries them: to a group, or to everyone.
import type { Actor } from '#core/actor.ts';
import { isGroup } from '#core/owner.ts';
import { confirmBroadcast } from '#operations/confirm-broadcast.ts';
import { continueBroadcast } from '#operations/continue-broadcast.ts';
import { createBroadcast } from '#operations/create-broadcast.ts';
import { stopBroadcast } from '#operations/stop-broadcast.ts';
import type { World } from '#operations/world.ts';
import { saveReceipts } from '#store/broadcast-receipts.ts';
import { moveBroadcast } from '#store/broadcasts.ts';
import { noon, operator } from './stage.ts';

interface Scene {
  world: World;
  ownerId: string;
}

const may = 'head admin owner operator key-admin';
const make = ({ world, ownerId }: Scene, actor: Actor) => {
  const audience = isGroup(ownerId)
    ? { to: 'group' as const, groupId: ownerId }
    : { to: 'everyone' as const };
  return createBroadcast(world, actor, { text: 'Please update.', audience, firstPercent: 10 }, noon);
};
async function made(scene: Scene): Promise<string> {
  const done = await make(scene, operator);
  if (!done.ok) throw new Error(done.text);
  return done.broadcast.id;
}

export const broadcastVerbs = {
  'create-broadcast': { may, try: make },
  'stop-broadcast': {
    may,
    try: async (scene: Scene, actor: Actor) =>
      stopBroadcast(scene.world, actor, { broadcastId: await made(scene) }, noon),
  },
  'continue-broadcast': {
    may,
    try: async (scene: Scene, actor: Actor) => {
      const broadcastId = await made(scene);
      const course = { status: 'running', next: 'rest', nextAt: noon + 1, round: 1 } as const;
      await scene.world.database.db.transaction((tx) => moveBroadcast(tx, broadcastId, course, noon));
      return continueBroadcast(scene.world, actor, { broadcastId }, noon);
    },
  },
  'confirm-broadcast': {
    may: 'own member head admin owner operator key-admin',
    try: async (scene: Scene, actor: Actor) => {
      const { world, ownerId } = scene;
      const broadcastId = await made(scene);
      const receipt = { broadcastId, ownerId, things: [], more: 0, round: 1, notificationId: null };
      await world.database.db.transaction((tx) => saveReceipts(tx, [receipt]));
      return confirmBroadcast(world, actor, { broadcastId, ownerId }, noon);
    },
  },
};
