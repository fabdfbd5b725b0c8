// /import: how rules come in from a file; the file itself may come at any time.
import type { Command } from '../command.ts';
import * as say from '../locales/files.ts';

export const importCommand: Command = {
  name: 'import',
  description: 'rules from a file that you send',
  scopes: ['private', 'group'],
  who: 'member',
  async handle(ctx) {
    const rows = [[{ label: say.exportLabel, action: 'export' }]];
    await ctx.show({ text: say.howToImport(ctx.group !== undefined), rows });
  },
};
