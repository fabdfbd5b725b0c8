// The verbs about receivers, as the matrix of rights tries them.
import type { Actor } from '#core/actor.ts';
import type { Outcome } from '#core/outcome.ts';
import { channelBook } from '#notify/channel-book.ts';
import { channelsOf } from '#notify/channels/index.ts';
import { addReceiver } from '#operations/add-receiver.ts';
import { disableReceiver } from '#operations/disable-receiver.ts';
import { enableReceiver } from '#operations/enable-receiver.ts';
import { offerBrowser } from '#operations/offer-browser.ts';
import { optOut } from '#operations/opt-out.ts';
import { redeliver } from '#operations/redeliver.ts';
import { removeReceiver } from '#operations/remove-receiver.ts';
import { renameReceiver } from '#operations/rename-receiver.ts';
import { renewSecret } from '#operations/renew-secret.ts';
import { retryNotification } from '#operations/retry-notification.ts';
import { codeHash, resendCode, unconfirmed } from '#operations/send-code.ts';
import { testReceiver } from '#operations/test-receiver.ts';
import { verifyReceiver } from '#operations/verify-receiver.ts';
import type { World } from '#operations/world.ts';
import { setConfirmation } from '#store/confirmations.ts';
import { settle } from '#store/fates.ts';
import { addTest } from '#store/notes.ts';
import { lastTest } from '#store/notifications.ts';
import { disableReceiver as switchOff } from '#store/receivers.ts';
import { noon, operator } from './stage.ts';

// Nothing is sent here: that there is a way out is enough.
const book = channelBook(channelsOf({ publicUrl: 'https://tocsin.example', outbound: () => {} } as never));
type Scene = { world: World; ownerId: string };
let count = 0;

/** A webhook of the owner, made by somebody who may. */
async function hook({ world, ownerId }: Scene, disabled: string | null = null): Promise<string> {
  const contact = { url: 'https://ci.example.org/hook' };
  const added = await addReceiver(
    world,
    book,
    operator,
    { ownerId, channel: 'webhook', contact, label: `ci ${++count}` },
    noon,
  );
  if (!added.ok) throw new Error(added.text);
  if (disabled !== null) await switchOff(world.database.db, added.id, disabled, noon);
  return added.id;
}

/** A message of the owner's webhook that ended so. */
async function told(scene: Scene, status: 'sent' | 'dead') {
  const receiverId = await hook(scene);
  const { db } = scene.world.database;
  await addTest(db, receiverId, noon);
  const { id } = (await lastTest(db, receiverId))!;
  await settle(db, [{ id, status, reason: 'refused', detail: 'no' }], noon);
  return { receiverId, notificationId: id };
}

export const receiverVerbs = (may: string) => {
  const verb = (attempt: (scene: Scene, actor: Actor) => Promise<Outcome<object>>) => ({ may, try: attempt });
  return {
    'add-receiver': verb(({ world, ownerId }, actor) => {
      const contact = { url: 'https://ci.example.org/hook' };
      return addReceiver(world, book, actor, { ownerId, channel: 'webhook', contact }, noon);
    }),
    'rename-receiver': verb(async (scene, actor) =>
      renameReceiver(scene.world, actor, { receiverId: await hook(scene, null), label: 'Bell' }, noon),
    ),
    'send-code': verb(async (scene, actor) =>
      resendCode(scene.world, actor, { receiverId: await hook(scene, unconfirmed) }, noon),
    ),
    'verify-receiver': verb(async (scene, actor) => {
      const receiverId = await hook(scene, unconfirmed);
      const hash = codeHash(receiverId, '123456');
      await scene.world.database.db.transaction((tx) =>
        setConfirmation(tx, { receiverId, hash, tries: 0, sentAt: noon, expiresAt: noon + 1000 }),
      );
      return verifyReceiver(scene.world, actor, { receiverId, code: '123 456' }, noon);
    }),
    'remove-receiver': verb(async (scene, actor) =>
      removeReceiver(scene.world, actor, { receiverId: await hook(scene) }, noon),
    ),
    'test-receiver': verb(async (scene, actor) =>
      testReceiver(scene.world, actor, { receiverId: await hook(scene) }, noon + 60_000),
    ),
    'offer-browser': verb(({ world, ownerId }, actor) => offerBrowser(world, actor, { ownerId }, noon)),
    'disable-receiver': verb(async (scene, actor) =>
      disableReceiver(scene.world, actor, { receiverId: await hook(scene) }, noon),
    ),
    'enable-receiver': verb(async (scene, actor) =>
      enableReceiver(scene.world, actor, { receiverId: await hook(scene, 'it is gone') }, noon),
    ),
    'renew-secret': verb(async (scene, actor) =>
      renewSecret(scene.world, book, actor, { receiverId: await hook(scene) }, noon),
    ),
    'opt-out': verb(({ world, ownerId }, actor) =>
      optOut(world, book, actor, { ownerId, topic: 'builds.**', channel: '*', out: true }, noon),
    ),
    'retry-notification': verb(async (scene, actor) => {
      const { notificationId } = await told(scene, 'dead');
      return retryNotification(scene.world, actor, { notificationId }, noon);
    }),
    redeliver: verb(async (scene, actor) => {
      const { receiverId } = await told(scene, 'sent');
      return redeliver(scene.world, actor, { receiverId, from: noon - 1, to: noon + 1 }, noon);
    }),
  };
};
