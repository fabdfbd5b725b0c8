// /invite: a link that lets one more person in.
import type { Command } from '../command.ts';
import * as sayContact from '../locales/contact.ts';

export const invite: Command = {
  name: 'invite',
  description: 'a link that lets one more person in',
  scopes: ['private'],
  who: 'admin',
  async handle(ctx) {
    const role = ctx.who?.person.role;
    const offered = role === 'owner' ? ['member', 'admin', 'owner'] : ['member', 'admin'];
    const rows = [offered.map((one) => ({ label: one, action: 'invite', payload: one }))];
    await ctx.show({ text: sayContact.inviteAsk(), rows });
  },
};
