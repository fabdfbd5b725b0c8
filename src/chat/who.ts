// Who is it: a person by their Telegram id, the group by its chat id, or a stranger.
import type { MiddlewareFn } from 'grammy';
import { sayError } from '#core/say-error.ts';
import { gathered } from '#store/gathered.ts';
import { findMovedGroup } from '#store/groups.ts';
import { addNote } from '#store/notes.ts';
import { type Person, settingsIn } from '#store/people.ts';
import { receiversOf } from '#store/receivers.ts';
import { markSeen } from '#store/sightings.ts';
import { commands } from './commands/index.ts';
import type { ChatContext, ChatDeps } from './context.ts';
import type { Foresight } from './foresight.ts';
import { answered } from './forum.ts';
import { offer } from './locales/catch-up.ts';
import { outgoing, speakingOf } from './outgoing.ts';
import { present } from './screen.ts';

/** Telegram's own accounts that stand for somebody who hides: anonymous admins, linked channels, Telegram itself. */
const masks = new Set([1087968824, 136817688, 777000]);
const remembered = 60_000;

/** Dresses every context: time, ways to answer, who speaks and where. */
export function dress(
  deps: ChatDeps,
  foresight: Foresight,
  nowOf: (ctx: ChatContext) => number,
): MiddlewareFn<ChatContext> {
  const admins = groupAdmins();
  const speaking = speakingOf(deps);
  const { soft } = deps.world.database;
  const seen = gathered((asked: { person: Person; now: number }[]) => markSeen(soft, asked));
  return async (ctx, next) => {
    ctx.deps = deps;
    ctx.now = nowOf(ctx);
    ctx.show = (screen, where) => present(ctx, screen, where);
    ctx.toast = answerOnce(ctx);
    ctx.commands = commands;
    ctx.ownerId = '';
    const from = isMasked(ctx) ? undefined : ctx.from;
    const { data = 'w:' } = ctx.callbackQuery ?? {};
    const {
      person,
      button,
      seen: it,
      ...here
    } = await foresight.whoSpeaks(ctx.update, {
      telegramId: from?.id,
      groupChat: isGroupChat(ctx) ? ctx.chatId : undefined,
      // Those of a dialogue say themselves what they mean.
      button: data.startsWith('w:') ? undefined : data,
    });
    ctx.button = button;
    ctx.seen = it && person && { by: person, it };
    const group = here.group ?? (isGroupChat(ctx) ? await movedGroup(ctx) : undefined);
    if (group && group.leftAt === null) ctx.group = group;
    if (person && person.leftAt === null) {
      const replied = answered(ctx.message)?.from?.id === ctx.me.id;
      // What people say to each other asks Telegram nothing.
      const said = ctx.message?.text ?? ctx.message?.caption;
      const asks = ctx.callbackQuery !== undefined || replied || said?.startsWith('/') === true;
      const groupAdmin = ctx.group !== undefined && asks && (await admins.is(ctx, person.telegramId));
      const place = ctx.group ? { groupId: ctx.group.id, groupAdmin } : {};
      ctx.who = {
        person,
        actor: { is: 'person', personId: person.id, name: person.name, role: person.role, ...place },
      };
      ctx.ownerId = ctx.group?.id ?? person.id;
    }
    ctx.settings = settingsIn(ctx.who?.person, deps.world.defaultZone);
    ctx.zone = ctx.group?.zone ?? ctx.settings.zone;
    // Read when something is said: somebody may have been let in by then.
    ctx.api.config.use(
      outgoing(deps, () => ctx.group?.id ?? (isGroupChat(ctx) ? undefined : ctx.who?.person.id), speaking),
    );
    const gone = ctx.who && seen({ person: ctx.who.person, now: ctx.now }).catch(() => undefined);
    // What is done to an alert asks nothing about it.
    await (ctx.button?.alertId == null ? gone : undefined);
    await next();
    const since = await gone;
    if (since !== undefined) await offerCatchUp(ctx, since);
  };
}

/** A button that stood in a group before it moved is pressed in the old chat. */
function movedGroup(ctx: ChatContext) {
  return ctx.callbackQuery ? findMovedGroup(ctx.deps.world.database.db, ctx.chatId!) : undefined;
}

const longAbsence = 3 * 86_400_000;

/** Once, to somebody who comes back after days; not when they asked for it themselves. */
async function offerCatchUp(ctx: ChatContext, gone: number): Promise<void> {
  if (!ctx.who || ctx.now - gone < longAbsence || ctx.message?.text?.startsWith('/catchup')) return;
  const { world } = ctx.deps;
  const own = await receiversOf(world.database.db, [ctx.who.person.id]);
  const home = own.find(({ channel, disabled }) => channel === 'telegram' && disabled === null);
  if (!home) return;
  world.ring(await addNote(world.database.db, home.id, offer(ctx.now - gone), 'info', ctx.now));
}

/** Whether it was said in a group. */
export function isGroupChat(ctx: ChatContext): boolean {
  return ctx.chat?.type === 'group' || ctx.chat?.type === 'supergroup';
}

/** Whether a group's or a channel's name hides the person. */
export function isMasked(ctx: ChatContext): boolean {
  return ctx.msg?.sender_chat !== undefined && !ctx.callbackQuery ? true : masks.has(ctx.from?.id ?? 0);
}

/** Answers a press once; a query that is too old, or a lost connection, must not undo what was done. */
function answerOnce(ctx: ChatContext): ChatContext['toast'] {
  let answered = ctx.callbackQuery === undefined;
  return async (text, options = {}) => {
    if (answered) return;
    answered = true;
    const cut =
      text === undefined ? undefined : [...text].length > 190 ? `${[...text].slice(0, 189).join('')}…` : text;
    const url = options.url === undefined ? {} : { url: options.url };
    try {
      await ctx.answerCallbackQuery({
        ...(cut === undefined ? {} : { text: cut }),
        show_alert: options.alert ?? false,
        ...url,
      });
    } catch (error) {
      ctx.deps.world.log.debug({ why: sayError(error) }, 'a press was answered too late');
    }
  };
}

/** Asks Telegram who administers a chat, at most once a minute for each person. */
function groupAdmins() {
  const known = new Map<string, { is: boolean; until: number }>();
  return {
    async is(ctx: ChatContext, telegramId: number): Promise<boolean> {
      const key = `${ctx.chatId}:${telegramId}`;
      const found = known.get(key);
      if (found && found.until > ctx.now) return found.is;
      if (known.size > 10_000) known.clear();
      try {
        const { status } = await ctx.api.getChatMember(ctx.chatId!, telegramId);
        const is = status === 'creator' || status === 'administrator';
        known.set(key, { is, until: ctx.now + remembered });
        return is;
      } catch {
        // Unknown is no right; the next press asks again.
        return false;
      }
    },
  };
}
