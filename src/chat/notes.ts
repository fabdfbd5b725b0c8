// Notes: words that somebody answers to an alert's message stay with the alert.
import type { MiddlewareFn } from 'grammy';
import { noteAlerts } from '#operations/note-alerts.ts';
import { answeredAlerts } from './answered-alerts.ts';
import { type ChatContext, whoOf } from './context.ts';
import { answered } from './forum.ts';
import * as sayAlerts from './locales/alerts.ts';
import * as refusals from './locales/refusals.ts';
import { isGroupChat } from './who.ts';

/** Of a message that stands for more, only so many are noted at. */
const most = 50;

/** Everything that answers no alert goes on, commands and what answers a question too. */
export function notes(): MiddlewareFn<ChatContext> {
  return async (ctx, next) => {
    const text = ctx.message?.text;
    const asked = answered(ctx.message);
    if (text === undefined || text.startsWith('/') || !ctx.who || asked?.from?.id !== ctx.me.id)
      return next();
    const { world } = ctx.deps;
    const found = await answeredAlerts(ctx, asked, most + 1);
    if (found.length === 0) return next();
    const alertIds = found.slice(0, most);
    const once = `update:${ctx.update.update_id}`;
    const done = await noteAlerts(world, whoOf(ctx).actor, { alertIds, text, once }, ctx.now);
    if (!done.ok) return void (await ctx.show({ text: refusals.refused(done.text) }));
    const { noted, refusal } = done;
    const isWhole = noted === found.length;
    // In a group the alert's own message shows it to everybody; another one for each answer would be noise.
    if (isGroupChat(ctx) && isWhole) return;
    const rest = isWhole ? null : (refusal?.text ?? 'there are more of them than take a note at once.');
    await ctx.show({ text: sayAlerts.notedNow(noted, rest) });
  };
}
