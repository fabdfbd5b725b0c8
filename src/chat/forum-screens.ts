// The screen about forum topics: which alerts get one of their own, and what is in the way.
import { type Division, divisions } from '#core/forum.ts';
import { printStyle } from '#core/style-print.ts';
import { isHome } from '#operations/home.ts';
import { type StyleOutcome, setStyle } from '#operations/set-style.ts';
import { mostMade, topicsOf, wholeChat } from '#store/forum-topics.ts';
import { type Receiver, receiversOf } from '#store/receivers.ts';
import { type ChatContext, whoOf } from './context.ts';
import { type Html, lines } from './html.ts';
import * as say from './locales/forum.ts';
import * as labels from './locales/labels.ts';
import type { Choice, Screen } from './screen.ts';

/** This chat as a place to tell. */
export async function homeOf(ctx: ChatContext): Promise<Receiver | undefined> {
  const told = await receiversOf(ctx.deps.world.database.db, [ctx.ownerId]);
  return told.find((receiver) => isHome(receiver) && receiver.address === String(ctx.chatId));
}

/** Whether Telegram has topics here. */
function hasTopics(ctx: ChatContext): boolean {
  if (ctx.chat?.type === 'private') return ctx.me.has_topics_enabled === true;
  return ctx.chat?.type === 'supergroup' && ctx.chat.is_forum === true;
}

/** The setting as a line; undefined where there is nothing to set. */
export async function forumLine(ctx: ChatContext): Promise<Html | undefined> {
  const by = (await homeOf(ctx))?.style.topics;
  if (by === undefined && !hasTopics(ctx)) return undefined;
  return say.forumLine(by, ctx.group !== undefined);
}

/** What gets a topic of its own, the topics there are, and their troubles. */
export async function forumScreen(ctx: ChatContext): Promise<Screen> {
  const home = await homeOf(ctx);
  const back: Choice[] = [{ label: labels.back, action: 'settings' }];
  const inGroup = ctx.group !== undefined;
  const by = home?.style.topics;
  if (!home || (by === undefined && !hasTopics(ctx))) return { text: say.noForum(inGroup), rows: [back] };
  const { channel, address } = home;
  const known = await topicsOf(ctx.deps.world.database.db, { channel, address });
  const whole = known.find(({ name }) => name === wholeChat);
  const topics = known.filter(({ name }) => name !== wholeChat);
  const isTroubled =
    whole !== undefined || topics.some(({ status }) => status === 'away' || status === 'making');
  const wordOf: Record<Division, string> = { topic: say.eachTopic, source: say.eachSource };
  const choice = (label: string, payload: string): Choice => ({ label, action: 'forum', payload });
  const others = divisions.filter((one) => one !== by).map((one) => choice(wordOf[one], one));
  const facts = { by, inGroup, topics, whole, most: mostMade, zone: ctx.zone, now: ctx.now };
  const missing = hasTopics(ctx) ? undefined : say.noForum(inGroup);
  return {
    text: lines(say.forumScreen(facts), missing),
    rows: [
      [...others, ...(by === undefined ? [] : [choice(say.noTopics, 'off')])],
      ...(isTroubled ? [[choice(say.tryAgain, 'again')]] : []),
      back,
    ],
  };
}

/** Sets it; undefined when nothing is told in this chat. */
export async function setForum(
  ctx: ChatContext,
  by: Division | undefined,
): Promise<StyleOutcome | undefined> {
  const home = await homeOf(ctx);
  if (!home) return undefined;
  const { topics: _topics, ...rest } = printStyle(home.style);
  const document = by === undefined ? rest : { ...rest, topics: by };
  return setStyle(ctx.deps.world, whoOf(ctx).actor, { receiverId: home.id, document }, ctx.now);
}
