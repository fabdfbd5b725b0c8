// Strangers: let in by an invitation or because the operator named them; otherwise a polite sentence, and no trace.
import type { MiddlewareFn } from 'grammy';
import { join } from '#operations/join.ts';
import { settingsOf } from '#store/people.ts';
import { firstContact, joinInput } from './commands/start.ts';
import type { ChatContext } from './context.ts';
import { answered } from './forum.ts';
import { html } from './html.ts';
import * as sayContact from './locales/contact.ts';
import { isGroupChat, isMasked } from './who.ts';

const hour = 3_600_000;
const refusalsAnHour = 5;
/** A command is meant for us: each is answered, for as long as it looks like a person who types. */
const commandsAnHour = 10;
const day = 24 * hour;
/** In a group each is told once a day, and no crowd fills it with that. */
const groupAnHour = 20;

/** Stops everybody who is not known; nothing about them is written anywhere but in this process's memory. */
export function strangers(): MiddlewareFn<ChatContext> {
  const sentence = limiter(1);
  const refusals = limiter(refusalsAnHour);
  const commands = limiter(commandsAnHour);
  const daily = limiter(1, day);
  const inGroup = limiter(groupAnHour);
  return async (ctx, next) => {
    if (ctx.who) return next();
    const id = ctx.from?.id;
    if (id === undefined) return;
    // A group's coming and going concerns the group, whoever caused it.
    if (ctx.myChatMember || ctx.message?.migrate_to_chat_id || ctx.message?.migrate_from_chat_id)
      return next();
    const isCommand = ctx.message?.text?.startsWith('/') === true;
    if (ctx.callbackQuery)
      return ctx.toast(
        plain(
          isMasked(ctx)
            ? sayContact.hidden()
            : isGroupChat(ctx)
              ? sayContact.strangerHere()
              : sayContact.stranger(),
        ),
      );
    if (isMasked(ctx)) {
      if (ctx.group && isCommand && sentence(ctx.chatId ?? id, ctx.now))
        await ctx.show({ text: sayContact.hidden() });
      return;
    }
    if (isGroupChat(ctx)) {
      if (!ctx.group && isCommand) return leavePolitely(ctx);
      const said = ctx.group !== undefined && speaksToUs(ctx) && daily(`${ctx.chatId} ${id}`, ctx.now);
      if (said && inGroup(ctx.chatId ?? id, ctx.now)) await ctx.show({ text: sayContact.strangerHere() });
      return;
    }
    const token = /^\/start(?:@\w+)?\s+(\S+)/.exec(ctx.message?.text ?? '')?.[1] ?? '';
    const input = joinInput(ctx, token);
    if (input.token === undefined && !ctx.deps.owners.includes(id)) {
      // What is said after a refusal is not for us; what is asked is.
      const isFirst = ctx.message !== undefined && sentence(id, ctx.now);
      if (isCommand ? commands(id, ctx.now) : isFirst) await ctx.show({ text: sayContact.stranger() });
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

/** In a group: a command that is not for another bot, or an answer to a message of ours. */
function speaksToUs(ctx: ChatContext): boolean {
  const [, addressed] = /^\/\w+(?:@(\w+))?/.exec(ctx.message?.text ?? '') ?? [];
  if (addressed !== undefined) return addressed.toLowerCase() === ctx.me.username.toLowerCase();
  return ctx.message?.text?.startsWith('/') === true || answered(ctx.message)?.from?.id === ctx.me.id;
}

/** Says goodbye and goes. */
export async function leavePolitely(ctx: ChatContext): Promise<void> {
  await ctx.show({ text: sayContact.groupGoodbye() });
  await ctx.leaveChat().catch(() => {});
}

/** At most so many within a span for each id; remembers a bounded number of ids. */
function limiter(most: number, span = hour): (id: number | string, now: number) => boolean {
  const said = new Map<number | string, number[]>();
  return (id, now) => {
    const recent = (said.get(id) ?? []).filter((at) => at > now - span);
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
