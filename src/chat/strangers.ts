// Strangers: let in by an invitation or because the operator named them; otherwise one polite sentence, and no trace.
import type { MiddlewareFn } from 'grammy';
import { join } from '#operations/join.ts';
import { settingsOf } from '#store/people.ts';
import { firstContact, joinInput } from './commands/start.ts';
import type { ChatContext } from './context.ts';
import { html } from './html.ts';
import * as en from './locales/en.ts';
import { isGroupChat, isMasked } from './who.ts';

const hour = 3_600_000;
const refusalsAnHour = 5;

/** Stops everybody who is not known; nothing about them is written anywhere but in this process's memory. */
export function strangers(): MiddlewareFn<ChatContext> {
  const sentence = limiter(1);
  const refusals = limiter(refusalsAnHour);
  return async (ctx, next) => {
    if (ctx.who) return next();
    const id = ctx.from?.id;
    if (id === undefined) return;
    // A group's coming and going concerns the group, whoever caused it.
    if (ctx.myChatMember || ctx.message?.migrate_to_chat_id || ctx.message?.migrate_from_chat_id)
      return next();
    const isCommand = ctx.message?.text?.startsWith('/') === true;
    if (ctx.callbackQuery) return ctx.toast(isMasked(ctx) ? plain(en.hidden()) : plain(en.stranger()));
    if (isMasked(ctx)) {
      if (ctx.group && isCommand && sentence(ctx.chatId ?? id, ctx.now))
        await ctx.show({ text: en.hidden() });
      return;
    }
    if (isGroupChat(ctx)) {
      if (!ctx.group && isCommand) return leavePolitely(ctx);
      if (ctx.group && isCommand && sentence(id, ctx.now)) await ctx.show({ text: en.stranger() });
      return;
    }
    const token = /^\/start(?:@\w+)?\s+(\S+)/.exec(ctx.message?.text ?? '')?.[1] ?? '';
    const input = joinInput(ctx, token);
    if (input.token === undefined && !ctx.deps.owners.includes(id)) {
      if (ctx.message && sentence(id, ctx.now)) await ctx.show({ text: en.stranger() });
      return;
    }
    if (!ctx.message || (input.token !== undefined && !refusals(id, ctx.now))) return;
    const joined = await join(ctx.deps.world, input, ctx.now);
    if (!joined.ok) return void (await ctx.show({ text: html`${joined.text}` }));
    const { person } = joined;
    ctx.who = { person, actor: { is: 'person', personId: person.id, name: person.name, role: person.role } };
    ctx.ownerId = person.id;
    ctx.settings = await settingsOf(ctx.deps.world.database.db, person.id, ctx.deps.world.defaultZone);
    ctx.zone = ctx.settings.zone;
    if (person.zone === null) return firstContact(ctx, person.name);
    await next();
  };
}

/** Says goodbye and goes. */
export async function leavePolitely(ctx: ChatContext): Promise<void> {
  await ctx.show({ text: en.groupGoodbye() });
  await ctx.leaveChat().catch(() => {});
}

/** At most so many an hour for each id; remembers a bounded number of ids. */
function limiter(most: number): (id: number, now: number) => boolean {
  const said = new Map<number, number[]>();
  return (id, now) => {
    const recent = (said.get(id) ?? []).filter((at) => at > now - hour);
    if (recent.length >= most) return false;
    said.delete(id);
    // The oldest is forgotten first: Maps keep the order in which things came.
    if (said.size >= 20_000) said.delete(said.keys().next().value!);
    said.set(id, [...recent, now]);
    return true;
  };
}

function plain({ source }: { source: string }): string {
  return source.replace(/&amp;/g, '&');
}
