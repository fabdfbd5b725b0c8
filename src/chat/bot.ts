// The bot: who it is, then buttons, commands, the running dialogue, and what is left over, in this order.
import { conversations, createConversation } from '@grammyjs/conversations';
import { Bot, Composer, type Context, GrammyError, HttpError } from 'grammy';
import type { Update } from 'grammy/types';
import { cleanJson } from '#core/clean.ts';
import type { Json } from '#core/json.ts';
import { nearest } from '#core/nearest.ts';
import { sayError } from '#core/say-error.ts';
import { sqlState } from '#store/connection.ts';
import { peopleHere } from '#store/people.ts';
import { buttons } from './buttons/index.ts';
import { byOurClient } from './by-our-client.ts';
import { type Command, isOffered } from './command.ts';
import { commands } from './commands/index.ts';
import type { ChatContext, ChatDeps } from './context.ts';
import { closeOld } from './conversations/dialogue.ts';
import {
  conversationStorage,
  dialogueName,
  forgetReminder,
  remindOnce,
  runDialogue,
} from './conversations/index.ts';
import { openForesight } from './foresight.ts';
import { forums } from './forum.ts';
import { groups } from './groups.ts';
import { lines } from './html.ts';
import * as sayHelp from './locales/help.ts';
import * as labels from './locales/labels.ts';
import * as sayQuestion from './locales/questions.ts';
import * as refusals from './locales/refusals.ts';
import { meantCommand } from './meant-command.ts';
import { notes } from './notes.ts';
import { sleep } from './outgoing.ts';
import { sentFiles } from './sent-file.ts';
import { strangers } from './strangers.ts';
import { offerQuieter } from './tuning-offer.ts';
import { dress, isGroupChat } from './who.ts';

export interface ChatBot {
  bot: Bot<ChatContext>;
  commands: readonly Command[];
  /** Hears of an update that is being kept and will be handled here. */
  foresee(update: Update): void;
  /** Handles one update; throws only when trying again later can help. Updates of one chat come one after the other. */
  handle(update: Update, now: number): Promise<void>;
  /** Tells Telegram the command menus. */
  publish(): Promise<void>;
}

/** Builds the bot; nothing is asked of Telegram before the first update, and then only who the bot is. */
export function createBot(deps: ChatDeps): ChatBot {
  const { token, apiRoot, timeoutSeconds = 10 } = deps.telegram;
  const bot = new Bot<ChatContext>(token, {
    client: { apiRoot, timeoutSeconds },
    ...(deps.botInfo ? { botInfo: deps.botInfo } : {}),
  });
  bot.api.config.use(byOurClient(deps.client));
  const times = new WeakMap<Update, number>();
  const foresight = openForesight(deps.world, deps.now);
  bot.use(dress(deps, foresight, (ctx) => times.get(ctx.update) ?? deps.now()));
  const inside = bot.errorBoundary(async ({ error, ctx }) => boundary(error, ctx as ChatContext));
  inside.use(strangers(), groups(), forums());
  inside.use(pressedAlone, notes());
  inside.use(conversations<ChatContext, Context>({ storage: conversationStorage, plugins: [noOtherWayOut] }));
  inside.use(pressed, commanded, sentFiles());
  inside.use(createConversation<ChatContext, Context>(runDialogue, { id: dialogueName }));
  inside.use(opened, leftOver);
  let asking: Promise<void> | undefined;
  const introduced = async () => {
    if (bot.isInited()) return;
    asking ??= introduce(bot, deps.pause ?? sleep).finally(() => {
      asking = undefined;
    });
    await asking;
  };
  return {
    bot,
    commands,
    foresee: foresight.look,
    async handle(update, now) {
      await introduced();
      // What people type may hold what no database takes.
      const clean = cleanJson(update as unknown as Json) as unknown as Update;
      times.set(clean, now);
      foresight.pass(update, clean);
      await bot.handleUpdate(clean).catch((error) => {
        // grammY wraps what a middleware threw; the cause says whether waiting helps.
        throw error?.error ?? error;
      });
    },
    async publish() {
      for (const scope of ['private', 'group'] as const)
        await bot.api.setMyCommands(
          commands
            .filter((command) => isOffered(command, scope, 'member'))
            .map(({ name, description }) => ({ command: name, description })),
          { scope: { type: scope === 'private' ? 'all_private_chats' : 'all_group_chats' } },
        );
    },
  };
}

const longestIntroduction = 60_000;

/** Asks who the bot is. grammY's own way waits twice as long each time, up to an hour; here a few seconds at most. */
async function introduce(bot: Bot<ChatContext>, pause: (ms: number) => Promise<void>): Promise<void> {
  for (let wait = 250, waited = 0; ; wait = Math.min(wait * 2, 5_000)) {
    try {
      bot.botInfo = await bot.api.getMe();
      return;
    } catch (error) {
      const mayPass =
        error instanceof HttpError ||
        (error instanceof GrammyError && (error.error_code === 429 || error.error_code >= 500));
      if (!mayPass || waited >= longestIntroduction) throw error;
      await pause(wait);
      waited += wait;
    }
  }
}

/** Inside a conversation only the outer context may speak: an inner one would answer again on every replay. */
const noOtherWayOut = async (ctx: Context, next: () => Promise<void>) => {
  ctx.api.config.use((_call, method) => {
    throw new Error(`${method} inside a conversation: speak through external`);
  });
  await next();
};

const actionOf = (ctx: ChatContext) => buttons.find((one) => one.action === ctx.button?.action);

/** What nothing that is being asked has to do with. */
async function pressedAlone(ctx: ChatContext, next: () => Promise<void>): Promise<void> {
  return actionOf(ctx)?.alone ? press(ctx) : next();
}

const pressed = new Composer<ChatContext>();
pressed.on('callback_query:data', async (ctx, next) => {
  if (ctx.callbackQuery.data.startsWith('w:')) return next();
  await press(ctx);
  if (!ctx.opens) return;
  await ctx.conversation.exitAll();
  await next();
});

async function press(ctx: ChatContext): Promise<void> {
  const { button: row } = ctx;
  const action = actionOf(ctx);
  // A row of another chat is answered like one that never was: nobody learns from guessing.
  if (!row || row.chatId !== ctx.chatId) return ctx.toast(refusals.foreignButton);
  if (!action) return ctx.toast(refusals.newerButton);
  if (row.expiresAt <= ctx.now) return ctx.toast(refusals.oldButton);
  ctx.deps.world.meter.count('chat_presses', { action: action.action });
  await action.press(ctx, row);
  await ctx.toast();
  await offerQuieter(ctx, row);
}

const commanded = new Composer<ChatContext>();
commanded.on('message:text', async (ctx, next) => {
  const found = /^\/([A-Za-z0-9_]{1,64})(?:@(\w+))?(?:\s+([\s\S]*))?$/.exec(ctx.message.text);
  if (!found) return next();
  const [, name = '', addressed, rest = ''] = found;
  if (addressed && addressed.toLowerCase() !== ctx.me.username.toLowerCase()) return;
  const inGroup = isGroupChat(ctx);
  const offered = ctx.commands.filter((one) =>
    isOffered(one, inGroup ? 'group' : 'private', ctx.who?.person.role ?? 'member'),
  );
  const command = offered.find((one) => one.name === name.toLowerCase());
  if (!command) {
    // “/home” may be an answer to the open question: a disk, a path. What is a command for others is none.
    const forOthers = ctx.commands.some((one) => one.name === name.toLowerCase());
    const asked = !inGroup && ctx.conversation.active(dialogueName) > 0;
    const names = offered.map((one) => one.name);
    // What others call a command may as well be the name of a disk, where one is asked for.
    const near = asked ? nearest(name, names) : meantCommand(name, names);
    if (asked && near === undefined && !forOthers) return next();
    if (inGroup && !addressed && !forOthers && repliesToAnOpenOne(ctx)) return next();
    return unknownCommand(ctx, `${name} ${rest}`.trim(), near, addressed !== undefined, asked);
  }
  ctx.deps.world.meter.count('chat_commands', { command: command.name });
  await command.handle(ctx, rest);
  if (ctx.opens) await ctx.conversation.exitAll();
  else if (!ctx.passesOn && !inGroup && ctx.conversation.active(dialogueName) > 0 && (await remindOnce(ctx)))
    await ctx.show({ text: sayQuestion.stillOpen() });
  if (ctx.opens || ctx.passesOn) await next();
});

/** Whether it may be an answer in a group: there only a reply is one. */
function repliesToAnOpenOne(ctx: ChatContext): boolean {
  return ctx.message?.reply_to_message?.from?.id === ctx.me.id && ctx.conversation.active(dialogueName) > 0;
}

/** So much of a line goes on with the command that was meant. */
const mostMeant = 1000;

/** `near`: the command that was likely meant. */
async function unknownCommand(
  ctx: ChatContext,
  line: string,
  near: string | undefined,
  toUs: boolean,
  asked: boolean,
): Promise<void> {
  const inGroup = isGroupChat(ctx);
  const [typed = '', ...rest] = line.split(/\s+/);
  if (inGroup && ctx.commands.some(({ name }) => name === typed.toLowerCase())) {
    const link = `https://t.me/${ctx.me.username}?start=${typed.toLowerCase() === 'settings' ? 'settings' : 'hello'}`;
    return void (await ctx.show({
      text: sayHelp.privateOnly(),
      rows: [[{ label: labels.openPrivate, link }]],
    }));
  }
  if (!inGroup && ctx.commands.some((one) => one.name === typed.toLowerCase() && one.who !== 'member')) {
    const admins = await peopleHere(ctx.deps.world.database.db, ['owner', 'admin']);
    const text = sayHelp.notForMembers(
      typed.toLowerCase(),
      admins.map(({ name }) => name),
    );
    return void (await ctx.show({ text }));
  }
  // In a group it may be meant for another bot.
  if (inGroup && !toUs) return;
  const meant = near && [near, ...rest].join(' ').slice(0, mostMeant);
  const rows = meant ? [[{ label: `/${meant}`, action: 'command', payload: meant }]] : [];
  const text = sayHelp.unknownCommand(typed, meant);
  await ctx.show({ text: asked ? lines(text, sayQuestion.stillOpen()) : text, rows });
}

/** Opens what a command or a button asked for; its conversation is registered by now. */
async function opened(ctx: ChatContext, next: () => Promise<void>): Promise<void> {
  const { opens } = ctx;
  if (!opens) return next();
  await forgetReminder(ctx);
  await ctx.conversation.enter(dialogueName, opens.dialogue, opens.seed, opens.messageId ?? null);
}

/** What nobody wanted: presses on closed questions, plain text, a place. */
async function leftOver(ctx: ChatContext): Promise<void> {
  if (ctx.callbackQuery) {
    await ctx.toast(ctx.group ? sayQuestion.notYours : sayQuestion.closedToast);
    if (ctx.closed) await ctx.show({ text: sayQuestion.conversationClosed() }, 'here');
    else if (!ctx.group) await closeOld(ctx);
    return;
  }
  if (ctx.closed) return void (await ctx.show({ text: sayQuestion.conversationClosed() }));
  if (isGroupChat(ctx) || ctx.passesOn || !ctx.message) return;
  if (ctx.message.text === undefined && !ctx.message.location) return;
  const [, name = '', rest = ''] = /^(\w+)\s+(.+)$/s.exec(ctx.message.text?.trim() ?? '') ?? [];
  const offered = ctx.commands.find((one) => one.name === name.toLowerCase());
  const isOurs = offered && isOffered(offered, 'private', ctx.who?.person.role ?? 'member');
  if (!isOurs) return void (await ctx.show({ text: sayHelp.freeText() }));
  const rows =
    offered.name === 'watch' ? [[{ label: labels.yes, action: 'watch', payload: rest.trim() }]] : [];
  await ctx.show({ text: sayHelp.withSlash(`${offered.name} ${rest.trim()}`), rows });
}

/** A lost database is tried again later by the inbox; a bug is told to the person and to the log, once. */
async function boundary(error: unknown, ctx: ChatContext): Promise<void> {
  if (/^(08|53|57|40)|^E[A-Z]+$|^CONNECT/.test(sqlState(error) ?? '')) throw error;
  const fields = {
    update: ctx.update.update_id,
    why: sayError(error),
  };
  ctx.deps.world.log.error(fields, 'an update could not be handled');
  ctx.deps.world.meter.count('chat_failures');
  if (error instanceof GrammyError || error instanceof HttpError) return;
  if (ctx.callbackQuery) await ctx.toast(refusals.wentWrongToast);
  else if (ctx.who) await ctx.show({ text: refusals.wentWrong() });
}
