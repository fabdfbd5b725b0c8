// Where Telegram calls this server, and the secret by which it shows that it is Telegram.
import { createHmac } from 'node:crypto';

/** Both come from the token, so that they need no setting and change with it. */
export function webhookPlace(token: string): { path: string; secret: string } {
  const derive = (what: string) => createHmac('sha256', token).update(what).digest('base64url');
  return { path: `/telegram/${derive('webhook path').slice(0, 22)}`, secret: derive('webhook secret') };
}
