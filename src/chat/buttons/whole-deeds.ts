// The whole of it as a file, by a button: an alert, what burns, what was, what was told.
import { readPastSpan } from '#core/past-span.ts';
import type { ButtonAction } from '../button.ts';
import * as say from '../locales/files.ts';
import { sendFile } from '../send-file.ts';
import { alertFile, historyFile, openFile, periodFile } from '../whole-files.ts';

/** Payload: none (the row's alert), `open`, `history words`, `span words`. */
export const whole: ButtonAction = {
  action: 'whole',
  async press(ctx, { payload, alertId }) {
    const [what = '', ...rest] = (payload ?? '').split(' ');
    const words = rest.join(' ');
    const span =
      what === 'span'
        ? readPastSpan(words, ctx.zone, (ctx.group ?? ctx.settings).quiet?.window, ctx.now)
        : undefined;
    const file =
      what === 'open'
        ? await openFile(ctx)
        : what === 'history'
          ? await historyFile(ctx, words)
          : span
            ? await periodFile(ctx, span)
            : await alertFile(ctx, alertId ?? '');
    if (typeof file === 'string') return ctx.toast(file);
    await ctx.toast();
    const same = { ...(payload === null ? {} : { payload }), ...(alertId === null ? {} : { alertId }) };
    await sendFile(ctx, { ...file, again: { label: say.tryAgain, action: 'whole', ...same } });
  },
};
