// What a person sees when it has started: the links, a first event to copy, and what is embedded.
import type { Somebody } from './embedded.ts';

export interface StartFacts {
  url: string | undefined;
  /** Who is in the sandbox; undefined with the real Telegram. */
  sandbox: readonly Somebody[] | undefined;
  /** The ids of the owners. */
  owners: readonly number[];
  /** The name of the bot, without @, when it is known. */
  botUsername: string | undefined;
  /** Undefined when it was made before, and not in this DATA_DIR. */
  key: string | undefined;
  /** The key is a variable that this process found in .env: the reader's shell may not know it. */
  keyInFile?: boolean;
  databaseEmbedded: boolean;
  queueBackend: 'redis' | 'postgres';
  dataDir: string;
  roles: readonly string[];
  seconds: number;
  notices: readonly string[];
}

/** The few lines. A key that was made here is shown, so that the curl can be copied as it is; a given one never. */
export function startScreen(facts: StartFacts): string {
  const { url, sandbox, botUsername } = facts;
  const lines = [`Tocsin is ready (${facts.seconds.toFixed(1)} s).`, ''];
  if (sandbox && url) lines.push(`  Chat      ${url}/sandbox   (${whoBegins(sandbox, facts.owners)})`);
  else if (botUsername) lines.push(`  Chat      https://t.me/${botUsername}   (send /start)`);
  if (url) lines.push(`  Health    ${url}/healthz`);
  lines.push(...firstEvent(facts));
  const database = facts.databaseEmbedded ? 'embedded PostgreSQL' : 'PostgreSQL of DATABASE_URL';
  const queue = facts.queueBackend === 'redis' ? 'Redis of REDIS_URL' : 'on the same PostgreSQL';
  const telegram = sandbox ? 'a sandbox, its chats stay on this machine' : 'real';
  lines.push('', `  Telegram ${telegram} · database ${database} · queue ${queue}`);
  if (facts.databaseEmbedded || sandbox) lines.push(`  Data      ${facts.dataDir}`);
  if (facts.roles.length < 4) lines.push(`  Roles     ${facts.roles.join(', ')}`);
  const notices = sandbox ? [...ownersElsewhere(sandbox, facts.owners), ...facts.notices] : facts.notices;
  for (const notice of notices) lines.push(`  Note      ${notice}`);
  lines.push('', '  Ctrl-C stops everything.');
  return `${lines.join('\n')}\n`;
}

function whoBegins(people: readonly Somebody[], owners: readonly number[]): string {
  const names = people.filter(({ id }) => owners.includes(id)).map((one) => one.first_name);
  if (names.length === 0) return 'nobody in it is an owner: see the note below';
  return `send /start as ${names.join(' or ')}, who ${names.length === 1 ? 'is the owner' : 'are owners'}`;
}

function ownersElsewhere(people: readonly Somebody[], owners: readonly number[]): string[] {
  if (people.some(({ id }) => owners.includes(id))) return [];
  const here = people.map((one) => `${one.first_name} is ${one.id}`).join(', ');
  return [
    `OWNER_IDS (${owners.join(', ')}) names nobody in the sandbox: ${here}. To try, start without OWNER_IDS; ` +
      'to be the owner in the real Telegram, give TELEGRAM_BOT_TOKEN too.',
  ];
}

function firstEvent({ url, key, keyInFile }: StartFacts): string[] {
  if (!url) return [];
  if (!key)
    return [
      '',
      '  A first event needs a key. The first one was made before: first-key in the DATA_DIR of who made it. A new one:',
      '    npm run tocsin -- key create <name>',
    ];
  if (keyInFile && key.startsWith('$'))
    return [
      '',
      '  A first event (the key is the one in .env):',
      '    npm run tocsin -- send disk.usage --subject /home --data usage=93.5',
    ];
  const where = key.startsWith('$') ? `, in a shell where ${key.slice(1)} is set as it is here` : '';
  return ['', `  A first event${where}:`, ...firstCurl(url, key).map((line) => `    ${line}`)];
}

/** A command that sends one event and can be pasted into a shell, which fills in a key that is a variable. */
export function firstCurl(url: string, key: string): string[] {
  return [
    `curl -H "Authorization: Bearer ${key}" -H 'Content-Type: application/json' \\`,
    `  -d '{"type":"disk.usage","subject":"/home","data":{"usage":93.5}}' ${url}/v1/events`,
  ];
}
