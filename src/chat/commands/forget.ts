// /forget: somebody leaves, and has everything that is theirs deleted.
import { rulesOf } from '#store/rules.ts';
import type { Command } from '../command.ts';
import { whoOf } from '../context.ts';
import * as labels from '../locales/labels.ts';
import * as say from '../locales/members.ts';

export const forget: Command = {
  name: 'forget',
  description: 'leave, and have everything of yours deleted',
  scopes: ['private'],
  who: 'member',
  async handle(ctx) {
    const { id } = whoOf(ctx).person;
    const rules = await rulesOf(ctx.deps.world.database.db, [id]);
    const rows = [
      [
        { label: say.forgetSurely, action: 'forget-me', style: 'danger' as const },
        { label: labels.keepIt, action: 'settings' },
      ],
    ];
    await ctx.show({ text: say.forgetAsk(rules.length), rows });
  },
};
