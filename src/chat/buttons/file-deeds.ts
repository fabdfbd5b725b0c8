// Rules as files, by buttons: send me mine, and take those of a file that was looked at.
import type { ButtonAction } from '../button.ts';
import { sendRules, takeFile } from '../rule-files.ts';

/** Payload: the form; YAML without one. */
export const exportRules: ButtonAction = {
  action: 'export',
  async press(ctx, row) {
    await ctx.toast();
    await sendRules(ctx, row.payload ?? '');
  },
};

/** Payload: the form and Telegram's id of the file. */
export const importFile: ButtonAction = {
  action: 'import',
  async press(ctx, row) {
    await ctx.toast();
    const [form = '', fileId = ''] = (row.payload ?? '').split(' ');
    await takeFile(ctx, form, fileId);
  },
};
