// The keys by which push services know this installation: made once, sealed in the ledger.
import type { World } from '#operations/world.ts';
import { keepSecret } from '#store/secrets.ts';

export interface VapidKeys {
  publicKey: string;
  privateKey: string;
}

/** Made at the first time they are needed; browsers that subscribed with them need them for ever. */
export async function vapidKeys({ database, keyring, chance }: World): Promise<VapidKeys> {
  const { default: webPush } = await import('web-push');
  const make = () => JSON.stringify(webPush.generateVAPIDKeys());
  return JSON.parse(await keepSecret(database.db, keyring, 'vapid', make, chance));
}
