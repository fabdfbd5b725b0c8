// Topics of a chat: in which one is spoken, what Telegram shows of them, and where rules made there tell.
import type { MiddlewareFn } from 'grammy';
import type { Message } from 'grammy/types';
import { noteForum } from '#operations/note-forum.ts';
import { tellInTopic } from '#operations/tell-in-topic.ts';
import { type ChatContext, whoOf } from './context.ts';

const clock = { is: 'clock' } as const;

/** The number of the topic in which the message of this update stands; undefined outside topics. */
export function threadOf(ctx: Pick<ChatContext, 'msg'>): number | undefined {
  return ctx.msg?.is_topic_message ? ctx.msg.message_thread_id : undefined;
}

/** The message that somebody answers. In a topic everything answers the message that opened it: that is no answer. */
export function answered(message: Message | undefined): Message['reply_to_message'] {
  const asked = message?.reply_to_message;
  return asked && 'forum_topic_created' in asked && asked.forum_topic_created ? undefined : asked;
}

/** Remembers the topics that Telegram shows; everything goes on. */
export function forums(): MiddlewareFn<ChatContext> {
  return async (ctx, next) => {
    const { message, chatId } = ctx;
    const thread = ctx.who || ctx.group ? threadOf(ctx) : undefined;
    if (message && chatId !== undefined && thread !== undefined) {
      const note = (found: Parameters<typeof noteForum>[2]['found']) =>
        noteForum(ctx.deps.world, clock, { chatId, found }, ctx.now);
      const opened = message.forum_topic_created ? message : message.reply_to_message;
      const name = opened?.forum_topic_created?.name;
      if (name !== undefined) await note({ is: 'topic', thread, name, ours: opened?.from?.id === ctx.me.id });
      if (message.forum_topic_reopened) await note({ is: 'reopened', thread });
    }
    await next();
  };
}

/** Being able to manage topics, or a chat that got some, is worth another try. */
export async function topicsFreed(ctx: ChatContext): Promise<void> {
  if (ctx.chatId === undefined) return;
  await noteForum(ctx.deps.world, clock, { chatId: ctx.chatId, found: { is: 'free' } }, ctx.now);
}

/** Where a rule of this owner tells that is made in a topic of their chat; undefined elsewhere. */
export async function topicHome(ctx: ChatContext, ownerId: string): Promise<string | undefined> {
  const thread = threadOf(ctx);
  if (thread === undefined || ctx.chatId === undefined || ownerId !== ctx.ownerId) return undefined;
  const name = ctx.message?.reply_to_message?.forum_topic_created?.name;
  const input = { ownerId, chatId: ctx.chatId, thread, name };
  const done = await tellInTopic(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
  // Whoever may not is told so when the rule itself is refused.
  return done.ok ? done.receiver.id : undefined;
}
