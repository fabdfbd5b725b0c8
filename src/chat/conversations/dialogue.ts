// The contract of a dialogue, and the conversation that runs any of them: one message, edited, answer by answer.
import type { Conversation } from '@grammyjs/conversations';
import type { Context } from 'grammy';
import { sameJson } from '#core/json.ts';
import type { ChatContext } from '../context.ts';
import { type Html, lines } from '../html.ts';
import * as sayHelp from '../locales/help.ts';
import * as labels from '../locales/labels.ts';
import * as sayQuestion from '../locales/questions.ts';
import type { Screen } from '../screen.ts';
import { look } from './question.ts';

/** What came: a press on the dialogue's own screen, a typed text, a place, /cancel, or a press on an older screen. */
export type Heard =
  | { is: 'press'; answer: string }
  | { is: 'text'; text: string }
  | { is: 'place'; lat: number; lon: number }
  | { is: 'cancel' }
  | { is: 'late'; ours: boolean };

/** What a dialogue remembers between two answers; plain JSON. */
export interface Standing<Own> {
  own: Own;
  /** The message that is edited. */
  messageId: number | null;
  /** Earlier messages of it that asked the same: in a group an answer may be a reply to one of them. */
  former?: number[];
  /** Counts the screens, so that a press on an older one is known as such. */
  screen: number;
  /** What the buttons of the present screen say, in order. */
  answers: string[];
  /** The words of the present screen. */
  text?: string;
}

/** What to show next; `over` ends the dialogue with this screen. */
export interface Shown<Own> {
  own: Own;
  screen: Asked | { over: Screen };
  toast?: string;
  /** Called once the screen stands: it may be shown anew while it is not answered, with answers that it knows. */
  later?(again: (screen: Asked) => Promise<void>): void;
}

export interface Asked {
  text: Html;
  rows: { label: string; answer: string }[][];
  /** Answers that the same screen may offer when it is shown anew. */
  also?: string[];
}

export interface Dialogue<Seed, Own> {
  name: string;
  /** Whether a lone “/home” may answer what is asked now: a path, a password. Otherwise it was meant as a command. */
  takesSlash?(own: Own): boolean;
  /** The first screen of a seed; also the present one of what is remembered. */
  begin(ctx: ChatContext, seed: Seed | Own): Promise<Shown<Own>>;
  /** Takes an answer; undefined: this was not meant for the dialogue. */
  answer(
    ctx: ChatContext,
    own: Own,
    heard: Exclude<Heard, { is: 'late' | 'cancel' }>,
  ): Promise<Shown<Own> | undefined>;
}

// With words behind it, it is a sentence: “/home is full”.
const loneCommand = /^\s*\/[A-Za-z0-9_]{1,64}\s*$/;

type Inside = Conversation<ChatContext, Context>;
type Turn = { standing: Standing<unknown> } | { over: true } | { skip: true };

/**
 * The conversation body. It is replayed from its start for every update, so it only waits and asks `external`, where
 * everything happens once and by the outer context: its way out keeps the chat's budget, and there is no other.
 */
export function conversationOf(dialogues: Record<string, Dialogue<never, unknown>>) {
  return async (
    conversation: Inside,
    _first: Context,
    name: string,
    seed: unknown,
    messageId: number | null,
  ) => {
    const dialogue = dialogues[name];
    if (!dialogue) return;
    let turn: Turn = await conversation.external((ctx) => begin(ctx, dialogue, seed, messageId));
    while ('standing' in turn) {
      const { standing } = turn;
      const next = await conversation.wait();
      const heard = hear(next, standing);
      if (!heard) await conversation.skip({ next: true });
      turn = await conversation.external((ctx) => goOn(ctx, dialogue, standing, heard!));
      if ('skip' in turn) await conversation.skip({ next: true });
    }
  };
}

async function begin(
  ctx: ChatContext,
  dialogue: Dialogue<never, unknown>,
  seed: unknown,
  messageId: number | null,
): Promise<Turn> {
  const shown = await dialogue.begin(ctx, seed as never);
  return show(ctx, shown, { own: null, messageId, screen: 0, answers: [] });
}

async function goOn(
  ctx: ChatContext,
  dialogue: Dialogue<never, unknown>,
  standing: Standing<unknown>,
  heard: Heard,
): Promise<Turn> {
  if (heard.is === 'late') {
    await ctx.toast(
      heard.ours ? sayQuestion.olderScreen : ctx.group ? sayQuestion.notYours : sayQuestion.closedToast,
    );
    if (!heard.ours) {
      // In a group it may be the open question of somebody else.
      if (!ctx.group) await closeOld(ctx);
      return { standing };
    }
    // The present screen may never have arrived; shown again it is the same, down to its number.
    return show(ctx, await dialogue.begin(ctx, standing.own as never), {
      ...standing,
      screen: standing.screen - 1,
    });
  }
  if (heard.is === 'cancel') {
    await ctx.show({ text: sayQuestion.wizardCancelled() }, standing.messageId ?? 'new');
    return { over: true };
  }
  if (heard.is === 'text' && loneCommand.test(heard.text) && !dialogue.takesSlash?.(standing.own as never)) {
    await ctx.show({
      text: lines(sayHelp.unknownCommand(heard.text.trim().slice(1), undefined), sayQuestion.stillOpen()),
    });
    return { standing };
  }
  const shown = await dialogue.answer(ctx, standing.own as never, heard);
  if (shown === undefined) return { skip: true };
  const looks = heard.is === 'press' && heard.answer === look && !('over' in shown.screen);
  if (looks && wordsOf(shown.screen as Asked) === standing.text) shown.toast ??= labels.nothingNew;
  // What was wrong with it is said below what was typed: above it nobody looks.
  if (heard.is === 'text' && isSame(shown, standing)) {
    await withoutButtons(ctx, standing.messageId);
    const former = [...(standing.former ?? []), ...(standing.messageId === null ? [] : [standing.messageId])];
    return show(ctx, shown, { ...standing, messageId: null, former: former.slice(-mostFormer) });
  }
  if (sameJson(shown.own, standing.own)) return show(ctx, shown, standing);
  // Another question: a late reply to the one before is no answer to it.
  const { former: _former, ...next } = standing;
  return show(ctx, shown, next);
}

const mostFormer = 20;

/** Whether nothing was taken: what is remembered and what can be answered are as before. */
function isSame({ own, screen }: Shown<unknown>, before: Standing<unknown>): boolean {
  return !('over' in screen) && sameJson(own, before.own) && sameJson(answersOf(screen), before.answers);
}

const answersOf = ({ rows, also = [] }: Asked) => [...rows.flat().map(({ answer }) => answer), ...also];
const wordsOf = ({ text }: Asked) => JSON.stringify(text);

async function show(ctx: ChatContext, shown: Shown<unknown>, before: Standing<unknown>): Promise<Turn> {
  await ctx.toast(shown.toast);
  const where = before.messageId ?? 'new';
  if ('over' in shown.screen) {
    await ctx.show(shown.screen.over, where);
    return { over: true };
  }
  const { text, rows } = shown.screen;
  const screen = before.screen + 1;
  const messageId = await ctx.show({ text, rows, stamp: String(screen) }, where);
  const answers = answersOf(shown.screen);
  shown.later?.(async (fresh) => {
    const known = fresh.rows.map((row) =>
      row.flatMap((option) => {
        const number = answers.indexOf(option.answer);
        return number < 0 ? [] : [{ ...option, number }];
      }),
    );
    await ctx.show({ text: fresh.text, rows: known, stamp: String(screen) }, messageId ?? where);
  });
  return {
    standing: {
      own: shown.own,
      messageId: messageId ?? null,
      ...(before.former ? { former: before.former } : {}),
      screen,
      answers,
      text: wordsOf(shown.screen),
    },
  };
}

async function withoutButtons(ctx: ChatContext, messageId: number | null): Promise<void> {
  if (messageId !== null && ctx.chatId !== undefined)
    await ctx.api.editMessageReplyMarkup(ctx.chatId, messageId).catch(() => {});
}

/** A message of a dialogue that is over loses its buttons. */
export async function closeOld(ctx: ChatContext): Promise<void> {
  await ctx.editMessageReplyMarkup().catch(() => {});
}

/** Pure: what this update means to the dialogue; undefined when it is not for it. */
export function hear(
  next: Context,
  standing: Pick<Standing<unknown>, 'messageId' | 'former' | 'screen' | 'answers'>,
): Heard | undefined {
  const data = next.callbackQuery?.data;
  if (data !== undefined) {
    const [, screen, number] = /^w:(\d+):(\d+)$/.exec(data) ?? [];
    if (!data.startsWith('w:')) return undefined;
    const ours = next.callbackQuery?.message?.message_id === standing.messageId;
    const answer = ours && Number(screen) === standing.screen ? standing.answers[Number(number)] : undefined;
    return answer === undefined ? { is: 'late', ours } : { is: 'press', answer };
  }
  const message = next.message;
  if (!message) return undefined;
  if (message.text !== undefined && /^\/cancel(@\w+)?\b/i.test(message.text)) return { is: 'cancel' };
  // In a group people also talk to each other; only a reply to the question is an answer.
  const asked: (number | null | undefined)[] = [standing.messageId, ...(standing.former ?? [])];
  if (message.chat.type !== 'private' && !asked.includes(message.reply_to_message?.message_id ?? Number.NaN))
    return undefined;
  if (message.location)
    return { is: 'place', lat: message.location.latitude, lon: message.location.longitude };
  // What is a command of ours never comes here.
  if (message.text !== undefined) return { is: 'text', text: message.text };
  return undefined;
}
