// One answer that has to be typed: a name, hours, caps, a topic. What is wrong is said in the same message.
import { readCaps } from '#core/style-print.ts';
import { patternFault } from '#core/topic.ts';
import { createKey } from '#operations/create-key.ts';
import { renameReceiver } from '#operations/rename-receiver.ts';
import { topicsSeen } from '#store/topics.ts';
import { channelScreen, optOutsScreen, optOutWhereScreen, ownReceiver } from '../channel-screens.ts';
import { type ChatContext, whoOf } from '../context.ts';
import { type Html, lines } from '../html.ts';
import * as say from '../locales/channels.ts';
import * as labels from '../locales/labels.ts';
import * as sayMuting from '../locales/muting.ts';
import * as named from '../locales/named-styles.ts';
import * as pushing from '../locales/pushing.ts';
import * as sayQuestion from '../locales/questions.ts';
import * as style from '../locales/styles.ts';
import { mutedName, muteThen } from '../mute-then.ts';
import { bearersOf, namedStyleScreen } from '../named-style-screens.ts';
import { readLater, readWeekly, type Times } from '../planned-mute.ts';
import { pusherScreen, pushersScreen } from '../pushing-screens.ts';
import { copying, type Screen } from '../screen.ts';
import { copies, secretly } from '../secretly.ts';
import { muteWhenScreen } from '../silence-screens.ts';
import { changeStyle, styleScreen } from '../style-screens.ts';
import type { Dialogue, Shown } from './dialogue.ts';

export interface AnswerSeed {
  /** What is asked; `id` is the receiver's, or what is muted. */
  about:
    | 'rename'
    | 'hours'
    | 'gather'
    | 'caps'
    | 'opt-out'
    | 'pusher'
    | 'mute-later'
    | 'mute-weekly'
    | 'style-name';
  id: string;
  ownerId: string;
}

interface Question {
  text(ctx: ChatContext, own: AnswerSeed, problem?: string): Promise<Html>;
  options?(ctx: ChatContext): Promise<string[]>;
  /** The next screen, or what is wrong. */
  take(ctx: ChatContext, own: AnswerSeed, answer: string): Promise<Screen | string>;
  back(ctx: ChatContext, own: AnswerSeed): Promise<Screen>;
}

const styled = (
  part: 'hours' | 'gather' | 'caps',
  text: Question['text'],
  change: (answer: string) => unknown,
): Question => ({
  text,
  async take(ctx, own, answer) {
    const value = change(answer.trim());
    if (value === undefined) return style.notUnderstood[part];
    const done = await changeStyle(ctx, own.id, part, value);
    return done.ok ? styleScreen(ctx, own.id) : done.text;
  },
  back: (ctx, own) => styleScreen(ctx, own.id),
});

const muting = (
  way: 'later' | 'weekly',
  read: (ctx: ChatContext, answer: string) => Times | 'which-year' | undefined,
): Question => ({
  text: async (ctx, own, problem) => sayMuting.askMuteTyped(await mutedName(ctx, own.id), way, problem),
  async take(ctx, own, answer) {
    const times = read(ctx, answer);
    if (times === 'which-year') return sayMuting.whichYear(ctx.now);
    return times === undefined ? sayMuting.notThatMute : muteThen(ctx, own.id, times);
  },
  back: async (ctx, own) => muteWhenScreen(own.id, await mutedName(ctx, own.id), way),
});

const questions: Record<AnswerSeed['about'], Question> = {
  rename: {
    text: async (ctx, own, problem) => say.askRename((await ownReceiver(ctx, own.id))?.label ?? '', problem),
    async take(ctx, own, answer) {
      const input = { receiverId: own.id, label: answer };
      const done = await renameReceiver(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
      return done.ok ? channelScreen(ctx, own.id, say.renamed(done.label, done.together)) : done.text;
    },
    back: (ctx, own) => channelScreen(ctx, own.id),
  },
  'style-name': {
    text: async (_ctx, own, problem) => named.askName(own.id, problem),
    async take(ctx, own, answer) {
      let name = answer.trim();
      const bearers = await bearersOf(ctx, own.id);
      for (const { id: receiverId } of bearers) {
        const done = await renameReceiver(
          ctx.deps.world,
          whoOf(ctx).actor,
          { receiverId, label: answer },
          ctx.now,
        );
        if (!done.ok) return done.text;
        name = done.label;
      }
      return namedStyleScreen(ctx, name, named.renamed(name, bearers.length));
    },
    back: (ctx, own) => namedStyleScreen(ctx, own.id),
  },
  hours: styled(
    'hours',
    async (_ctx, _own, problem) => style.askHours(problem),
    (answer) => answer,
  ),
  gather: styled(
    'gather',
    async (_ctx, _own, problem) => style.askGather(problem),
    (answer) => [{ when: 'otherwise', wait: /^\d+$/.test(answer) ? `${answer}m` : answer }],
  ),
  caps: styled('caps', async (_ctx, _own, problem) => style.askCaps(problem), readCaps),
  pusher: {
    text: async (_ctx, _own, problem) => pushing.askName(problem),
    async take(ctx, _own, answer) {
      const source = answer.trim();
      const done = await createKey(ctx.deps.world, whoOf(ctx).actor, { source }, ctx.now);
      if (!done.ok) return done.text;
      const secret = await secretly(ctx, source, pushing.keyOnce(done.key, ctx.deps.publicUrl));
      const screen = await pusherScreen(ctx, source, secret);
      return copying(screen, copies(ctx, pushing.keyCopies(done.key, ctx.deps.publicUrl)));
    },
    back: (ctx) => pushersScreen(ctx),
  },
  'mute-later': muting('later', (ctx, answer) => readLater(answer, ctx)),
  'mute-weekly': muting('weekly', (ctx, answer) => readWeekly(answer, ctx.zone)),
  'opt-out': {
    text: async (_ctx, _own, problem) => say.askTopic(problem),
    async options(ctx) {
      const seen = await topicsSeen(ctx.deps.world.database.db, { limit: 8 });
      return seen.map(({ topic }) => topic);
    },
    async take(ctx, _own, answer) {
      const topic = answer.trim();
      const fault = patternFault(topic);
      return fault === undefined ? optOutWhereScreen(ctx, topic) : say.noPattern(fault);
    },
    back: (ctx) => optOutsScreen(ctx),
  },
};

export const answer: Dialogue<AnswerSeed, AnswerSeed> = {
  name: 'answer',
  begin: (ctx, own) => ask(ctx, own),
  async answer(ctx, own, heard) {
    if (heard.is === 'place') return undefined;
    const question = questions[own.about];
    if (heard.is === 'press' && heard.answer === 'back')
      return { own, screen: { over: await question.back(ctx, own) } };
    const given = heard.is === 'press' ? heard.answer.slice('say '.length) : heard.text;
    const result = await question.take(ctx, own, given);
    return typeof result === 'string' ? ask(ctx, own, result) : { own, screen: { over: result } };
  },
};

async function ask(ctx: ChatContext, own: AnswerSeed, problem?: string): Promise<Shown<AnswerSeed>> {
  const question = questions[own.about];
  const text = await question.text(ctx, own, problem);
  const options = (await question.options?.(ctx)) ?? [];
  const rows = options.map((label) => [{ label, answer: `say ${label}` }]);
  const shown = ctx.group ? lines(text, sayQuestion.replyHere()) : text;
  return { own, screen: { text: shown, rows: [...rows, [{ label: labels.back, answer: 'back' }]] } };
}
