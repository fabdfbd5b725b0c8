// /silence: mute a rule, a topic or everything for a time; list and lift.
import { nearest } from '#core/nearest.ts';
import { topicMatches } from '#core/topic.ts';
import { rulesOf } from '#store/rules.ts';
import { silencesKept } from '#store/silences.ts';
import { topicsSeen } from '#store/topics.ts';
import type { Command } from '../command.ts';
import type { ChatContext } from '../context.ts';
import { type Html, lines } from '../html.ts';
import { liftEverything, liftThese } from '../lift-all.ts';
import * as labels from '../locales/labels.ts';
import * as sayMuting from '../locales/muting.ts';
import * as refusals from '../locales/refusals.ts';
import { mutedName, muteThen } from '../mute-then.ts';
import { readLater, readWeekly, type Times } from '../planned-mute.ts';
import { muteScreen, silencesScreen } from '../silence-screens.ts';

/** What is to be muted, as buttons name it (`rule <id>`, `topic <pattern>`), and the words behind it. */
interface Meant {
  target: string;
  rest: string;
}

const isOff = /^(off|lift( all)?|none)$/i;

export const silence: Command = {
  name: 'silence',
  description: 'mute a rule or a topic for a time',
  example: '/silence disk.usage tomorrow 10-12',
  scopes: ['private', 'group'],
  who: 'member',
  async handle(ctx, typed) {
    const said = typed.trim().replace(/\s+/g, ' ');
    if (said === '') return void (await ctx.show(await silencesScreen(ctx)));
    if (isOff.test(said)) return void (await ctx.show(await liftEverything(ctx)));
    const { target, rest } = await meantBy(ctx, said);
    if (isOff.test(rest)) return liftNamed(ctx, target);
    const never = await neverCame(ctx, target);
    if (rest === '') {
      const screen = muteScreen(target, await mutedName(ctx, target));
      return void (await ctx.show({ ...screen, text: lines(screen.text, never) }));
    }
    const times = timesOf(ctx, rest);
    if (!times) {
      const meant = mendedTime(ctx, said, rest);
      const rows = meant ? [[{ label: labels.yes, action: 'command', payload: meant }]] : [];
      return void (await ctx.show({ text: sayMuting.silenceFault(said, meant), rows }));
    }
    if (times === 'which-year')
      return void (await ctx.show({ text: refusals.refused(sayMuting.whichYear(ctx.now)) }));
    const done = await muteThen(ctx, target, times);
    if (typeof done === 'string') return void (await ctx.show({ text: refusals.refused(done) }));
    await ctx.show({ ...done, text: lines(done.text, never) });
  },
};

/** Lifts what mutes exactly this. */
async function liftNamed(ctx: ChatContext, target: string): Promise<void> {
  const all = await silencesKept(ctx.deps.world.database.db, [ctx.ownerId], ctx.now);
  const these = all.filter((one) => target === (one.ruleId ? `rule ${one.ruleId}` : `topic ${one.topic}`));
  await ctx.show(await liftThese(ctx, these, target));
}

/** A rule by its name, otherwise a topic; only a time is about everything. */
async function meantBy(ctx: ChatContext, said: string): Promise<Meant> {
  const typed = said.toLowerCase().replace(/^["“„]([^"”“]+)["”“]/, '$1');
  const rule = (await rulesOf(ctx.deps.world.database.db, [ctx.ownerId]))
    .toSorted((a, b) => b.name.length - a.name.length)
    .find(({ name }) => `${typed} `.startsWith(`${name.toLowerCase()} `));
  if (rule) return { target: `rule ${rule.id}`, rest: typed.slice(rule.name.length).trim() };
  if (timesOf(ctx, said)) return { target: 'topic **', rest: said };
  const [topic = '', ...rest] = said.split(' ');
  return { target: `topic ${topic}`, rest: rest.join(' ') };
}

function timesOf(ctx: ChatContext, said: string): Times | 'which-year' | undefined {
  return /^every /i.test(said) ? readWeekly(said, ctx.zone) : readLater(said, ctx);
}

/** The words that a time is said with; `d` would be near too much. */
const timeWords =
  'tomorrow today tonight until from every for weekend weekdays week monday tuesday wednesday thursday friday saturday sunday minutes hours days weeks'.split(
    ' ',
  );

/** The whole command with the words of its time spelt as they were surely meant; undefined: that is no time either. */
function mendedTime(ctx: ChatContext, said: string, rest: string): string | undefined {
  const mended = rest
    .split(' ')
    .map((word) => (/^[a-z]{3,}$/i.test(word) ? (nearest(word, timeWords) ?? word) : word))
    .join(' ');
  if (mended === rest || !timesOf(ctx, mended)) return undefined;
  return `silence ${said.slice(0, said.length - rest.length)}${mended}`;
}

/** What is said about a topic that nobody has sent: it may come, and it may be a slip. */
async function neverCame(ctx: ChatContext, target: string): Promise<Html | undefined> {
  const [is, pattern = ''] = target.split(' ');
  if (is !== 'topic' || pattern === '**') return undefined;
  const { db } = ctx.deps.world.database;
  const known = (await topicsSeen(db, { limit: 500 })).map(({ topic }) => topic);
  if (known.some((topic) => topicMatches(pattern, topic))) return undefined;
  return sayMuting.nothingToMute(pattern, nearest(pattern, known));
}
