// The start screen: what it tells a person to do works, and it says nothing that is not so.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { noticesAbout } from '../../src/app/notices.ts';
import { firstCurl, type StartFacts, startScreen } from '../../src/app/start-screen.ts';
import { readConfig } from '../../src/config.ts';

const people = [
  { id: 7001, first_name: 'Ana' },
  { id: 7002, first_name: 'Ben' },
];
const screen = (more: Partial<StartFacts>) =>
  startScreen({
    url: 'http://localhost:8080',
    sandbox: people,
    owners: [7001],
    botUsername: 'tocsin_bot',
    key: 'tk_first_abc',
    databaseEmbedded: true,
    queueBackend: 'postgres',
    dataDir: './data',
    roles: ['http', 'worker', 'bot', 'clock'],
    seconds: 1,
    notices: [],
    ...more,
  });

describe('who begins in the sandbox', () => {
  it.each([
    [[7001], 'send /start as Ana, who is the owner'],
    [[7002], 'send /start as Ben, who is the owner'],
    [[7002, 7001], 'send /start as Ana or Ben, who are owners'],
  ])('with owners %j', (owners, words) => {
    expect(screen({ owners })).toContain(words);
    expect(screen({ owners })).not.toContain('Note');
  });

  it('with an owner who is not in it, says so and what to do, and names nobody wrongly', () => {
    const said = screen({ owners: [123456789] });
    expect(said).not.toContain('send /start as');
    expect(said).toContain('OWNER_IDS (123456789) names nobody in the sandbox: Ana is 7001, Ben is 7002.');
    expect(said).toContain('To try, start without OWNER_IDS');
  });

  it('says nothing of it with the real Telegram', () => {
    const said = screen({ sandbox: undefined, owners: [123456789] });
    expect(said).toContain('https://t.me/tocsin_bot');
    expect(said).not.toContain('sandbox');
  });
});

describe('the first event', () => {
  // The shell itself takes the line apart; nothing is sent.
  const headerOf = (key: string) =>
    spawnSync(
      'sh',
      ['-c', `curl() { printf %s "$2"; }\n${firstCurl('http://localhost:1', key).join('\n')}`],
      {
        encoding: 'utf8',
        env: { PATH: process.env.PATH ?? '', BOOTSTRAP_API_KEY: 'a-key-of-ours' },
      },
    ).stdout;

  it('carries a key that was made, and one that the shell knows', () => {
    expect(headerOf('tk_first_abc')).toBe('Authorization: Bearer tk_first_abc');
    expect(headerOf('$BOOTSTRAP_API_KEY')).toBe('Authorization: Bearer a-key-of-ours');
  });

  it('says where a given key has to be set, and uses the command that reads .env when it stands there', () => {
    const key = '$BOOTSTRAP_API_KEY';
    expect(screen({ key })).toContain('in a shell where BOOTSTRAP_API_KEY is set as it is here:');
    const fromFile = screen({ key, keyInFile: true });
    expect(fromFile).toContain('npm run tocsin -- send disk.usage --subject /home --data usage=93.5');
    expect(fromFile).not.toContain('curl');
  });

  it('says where the key is when it was not made here', () => {
    const said = screen({ key: undefined });
    expect(said).toContain('first-key');
    expect(said).toContain('npm run tocsin -- key create <name>');
    expect(said).not.toContain('curl');
    expect(screen({ url: undefined, key: undefined })).not.toContain('first-key');
  });
});

describe('a note', () => {
  const about = { owners: 1, unknownChanges: 0, queueUp: false };
  const configOf = (env: Record<string, string>) => {
    const read = readConfig(env);
    if (!read.ok) throw new Error(read.faults.join());
    return read.config;
  };

  it('says that Redis cannot be reached, and where it was looked for, without its password', () => {
    const config = configOf({ REDIS_URL: 'redis://:hunter2-hunter2@cache.lan:6380/1' });
    const [said, ...more] = noticesAbout(config, about);
    expect(more).toEqual([]);
    expect(said).toContain('The Redis of REDIS_URL (cache.lan:6380) cannot be reached now.');
    expect(said).not.toContain('hunter2');
    expect(noticesAbout(config, { ...about, queueUp: true })).toEqual([]);
    expect(noticesAbout(configOf({}), about)).toEqual([]);
  });
});
