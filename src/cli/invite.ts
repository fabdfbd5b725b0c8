// `tocsin invite`: a link by which one more person may join.
import { type Role, roles } from '#core/actor.ts';
import { invite as makeInvitation } from '#operations/invite.ts';
import { createTelegram } from '#telegram/client.ts';
import { readRunFile } from '../app/run-file.ts';
import type { Config } from '../config.ts';
import { operator } from './operator.ts';
import { misused, readFlags } from './read-flags.ts';
import type { Verb } from './verb.ts';

const right = 'invite --role member';

export const invite: Verb = {
  name: 'invite',
  title: 'make a link by which one more person may join, once, within a day',
  usage: ['invite [--role member|admin|owner]'],
  async run({ args, config, open, print, now }) {
    const options = { role: { type: 'string', default: 'member' } } as const;
    const { values } = readFlags({ args, options }, right);
    if (!roles.includes(values.role as Role)) throw misused(`A role is one of ${roles.join(', ')}.`, right);
    const world = await open();
    try {
      const made = await makeInvitation(world, operator, { role: values.role as Role }, now);
      if (!made.ok) {
        print(made.text);
        return 1;
      }
      const username = await botUsername(config);
      if (username) print(`https://t.me/${username}?start=${made.token}`);
      print(`Or, in a chat with the bot: /start ${made.token}`);
      print(`Good once, until ${new Date(made.expiresAt).toISOString().slice(0, 16)}Z.`);
      return 0;
    } finally {
      await world.close();
    }
  },
};

async function botUsername(config: Config): Promise<string | undefined> {
  const { token, apiRoot } = config.telegram;
  const known = readRunFile(config.dataDir)?.botUsername;
  if (known || !token) return known;
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const telegram = createTelegram({ token, apiRoot, log });
  const answer = await telegram.call<{ username: string }>('getMe');
  telegram.close();
  return answer.ok ? answer.result.username : undefined;
}
