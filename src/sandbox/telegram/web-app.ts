// The address a Mini App is opened with: signed initData in the fragment, as Telegram's clients pass it.
import { createHmac } from 'node:crypto';
import type { Person } from './shapes.ts';

/** Adds initData (signed with the bot token) and theme to a Mini App's URL; `now` is epoch milliseconds. */
export function webAppUrl(url: string, person: Person, token: string, now: number): string {
  const user = {
    id: person.id,
    first_name: person.first_name,
    last_name: '',
    ...(person.username ? { username: person.username } : {}),
    language_code: person.language_code ?? 'en',
    allows_write_to_pm: true,
  };
  const fields: Record<string, string> = {
    auth_date: String(Math.floor(now / 1000)),
    query_id: `AAH${person.id.toString(36)}${now.toString(36)}`,
    user: JSON.stringify(user),
  };
  const sorted = Object.keys(fields).sort();
  const check = sorted.map((key) => `${key}=${fields[key]}`).join('\n');
  const secret = createHmac('sha256', 'WebAppData').update(token).digest();
  const hash = createHmac('sha256', secret).update(check).digest('hex');
  const initData = new URLSearchParams({ ...fields, hash }).toString();
  const fragment = new URLSearchParams({
    tgWebAppData: initData,
    tgWebAppVersion: '9.1',
    tgWebAppPlatform: 'weba',
  });
  const target = new URL(url);
  target.hash = fragment.toString();
  return target.href;
}
