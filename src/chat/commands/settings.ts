// /settings: clock, morning, quiet hours; in a group they move to the private chat.
import type { Command } from '../command.ts';
import * as en from '../locales/en.ts';
import { settingsScreen } from '../settings-screens.ts';

export const settings: Command = {
  name: 'settings',
  description: 'your clock, morning and quiet hours',
  scopes: ['private', 'group'],
  who: 'member',
  async handle(ctx) {
    if (!ctx.group) return void (await ctx.show(settingsScreen(ctx.settings, ctx.now)));
    const link = `https://t.me/${ctx.me.username}?start=settings`;
    await ctx.show({ text: en.settingsInPrivate(), rows: [[{ label: en.openPrivate, link }]] });
  },
};
