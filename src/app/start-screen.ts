// What a person sees when it has started: the links, a first event to copy, and what is embedded.

export interface StartFacts {
  url: string | undefined;
  sandbox: boolean;
  /** The name of the bot, without @, when it is known. */
  botUsername: string | undefined;
  key: string | undefined;
  databaseEmbedded: boolean;
  queueBackend: 'redis' | 'postgres';
  dataDir: string;
  roles: readonly string[];
  seconds: number;
  notices: readonly string[];
}

/** The few lines. The key is shown so that the curl can be copied as it is. */
export function startScreen(facts: StartFacts): string {
  const { url, sandbox, botUsername, key } = facts;
  const lines = [`Tocsin is ready (${facts.seconds.toFixed(1)} s).`, ''];
  if (sandbox && url) lines.push(`  Chat      ${url}/sandbox   (send /start as Ana; she is the owner)`);
  else if (botUsername) lines.push(`  Chat      https://t.me/${botUsername}   (send /start)`);
  if (url) lines.push(`  Health    ${url}/healthz`);
  if (url && key) lines.push('', '  A first event:', ...firstCurl(url, key).map((line) => `    ${line}`));
  const database = facts.databaseEmbedded ? 'embedded PostgreSQL' : 'PostgreSQL of DATABASE_URL';
  const queue = facts.queueBackend === 'redis' ? 'Redis of REDIS_URL' : 'on the same PostgreSQL';
  const telegram = sandbox ? 'a sandbox, its chats stay on this machine' : 'real';
  lines.push('', `  Telegram ${telegram} · database ${database} · queue ${queue}`);
  if (facts.databaseEmbedded || sandbox) lines.push(`  Data      ${facts.dataDir}`);
  if (facts.roles.length < 4) lines.push(`  Roles     ${facts.roles.join(', ')}`);
  for (const notice of facts.notices) lines.push(`  Note      ${notice}`);
  lines.push('', '  Ctrl-C stops everything.');
  return `${lines.join('\n')}\n`;
}

/** A command that sends one event and can be pasted into any shell. */
export function firstCurl(url: string, key: string): string[] {
  return [
    `curl -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\`,
    `  -d '{"type":"disk.usage","subject":"/home","data":{"usage":93.5}}' ${url}/v1/events`,
  ];
}
