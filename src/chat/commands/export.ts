// /export: the rules of this place as a file.
import type { Command } from '../command.ts';
import { sendRules } from '../rule-files.ts';

export const exportCommand: Command = {
  name: 'export',
  description: 'your rules as a file',
  example: '/export ndjson',
  scopes: ['private', 'group'],
  who: 'member',
  handle: (ctx, rest) => sendRules(ctx, rest.trim().toLowerCase()),
};
