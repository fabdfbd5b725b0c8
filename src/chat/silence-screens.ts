// Screens about muting: what is muted, what could be, for how long.
import { printMatcher } from '#core/matcher.ts';
import type { Silence } from '#core/silence.ts';
import { rulesOf } from '#store/rules.ts';
import { silencesKept } from '#store/silences.ts';
import type { ChatContext } from './context.ts';
import * as labels from './locales/labels.ts';
import * as sayMuting from './locales/muting.ts';
import { later, weekly } from './planned-mute.ts';
import type { Choice, Screen } from './screen.ts';

const spans = [900_000, 3_600_000, 4 * 3_600_000, 86_400_000, 7 * 86_400_000];

/** What is muted here now, each with a button to lift it. */
export async function silencesScreen(ctx: ChatContext): Promise<Screen> {
  const { db } = ctx.deps.world.database;
  const all = (await silencesKept(db, [ctx.ownerId], ctx.now)).slice(0, 20);
  const rules = new Map((await rulesOf(db, [ctx.ownerId])).map((rule) => [rule.id, rule.name]));
  const name = (one: Silence) =>
    one.ruleId ? (rules.get(one.ruleId) ?? 'a deleted rule') : silenceName(one);
  const lifts = all.map(
    (one, i): Choice => ({ label: sayMuting.lift(i + 1), action: 'lift', payload: one.id }),
  );
  const rows: Choice[][] = [];
  for (let i = 0; i < lifts.length; i += 4) rows.push(lifts.slice(i, i + 4));
  return {
    text: sayMuting.silenceScreen(all, name, ctx.zone, ctx.now),
    rows: [...rows, [{ label: sayMuting.muteMore, action: 'mute' }]],
  };
}

/** Which of the rules, or all of it. */
export async function muteWhatScreen(ctx: ChatContext): Promise<Screen> {
  const rules = (await rulesOf(ctx.deps.world.database.db, [ctx.ownerId])).slice(0, 20);
  return {
    text: sayMuting.muteWhat(),
    rows: [
      ...rules.map(({ id, name }): Choice[] => [{ label: name, action: 'mute', payload: `rule ${id}` }]),
      [{ label: sayMuting.everything, action: 'mute', payload: 'topic **' }],
      [{ label: labels.back, action: 'silences' }],
    ],
  };
}

/** For how long; `what` is `rule <id>` or `topic <pattern>`. */
export function muteScreen(what: string, name: string): Screen {
  return {
    text: sayMuting.muteHowLong(name),
    rows: [
      spans.map((ms): Choice => ({ label: labels.span(ms), action: 'mute', payload: `${what} ${ms}` })),
      [
        { label: sayMuting.muteLater, action: 'mute', payload: `${what} later` },
        { label: sayMuting.muteWeekly, action: 'mute', payload: `${what} weekly` },
      ],
      [{ label: labels.back, action: 'silences' }],
    ],
  };
}

/** When it begins, or in which hours of every week. */
export function muteWhenScreen(what: string, name: string, way: 'later' | 'weekly'): Screen {
  const waysToSay = (way === 'later' ? later : weekly).map(([label]) => label);
  return {
    text: way === 'later' ? sayMuting.askMuteLater(name) : sayMuting.askMuteWeekly(name),
    rows: [
      ...waysToSay.map((label, at): Choice[] => [{ label, action: 'mute', payload: `${what} ${way} ${at}` }]),
      [
        { label: labels.other, action: 'mute', payload: `${what} ${way} type` },
        { label: labels.back, action: 'mute', payload: what },
      ],
    ],
  };
}

/** What it mutes, in words. */
export function silenceName(silence: Silence): string {
  const topic = silence.topic === '**' ? sayMuting.everything : silence.topic;
  return silence.match.length === 0
    ? topic
    : `${topic} where ${silence.match.map(printMatcher).join(' and ')}`;
}
