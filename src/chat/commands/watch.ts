// /watch: a rule in one line.
import { printWhen } from '#core/bands.ts';
import { printCondition } from '#core/condition.ts';
import { printDuration } from '#core/duration.ts';
import { nearest } from '#core/nearest.ts';
import type { RuleDocument } from '#core/rule.ts';
import { topicMatches } from '#core/topic.ts';
import { parseWatchLine, type WatchLine, watchExample } from '#core/watch-line.ts';
import { topicsSeen } from '#store/topics.ts';
import type { Command } from '../command.ts';
import type { ChatContext } from '../context.ts';
import * as en from '../locales/en.ts';
import { savedScreen } from '../rule-screens.ts';
import { createOnce } from '../same-rule.ts';

export const watch: Command = {
  name: 'watch',
  description: 'make a rule in one line',
  example: '/watch disk.usage usage > 90 for 5m',
  scopes: ['private', 'group'],
  who: 'member',
  handle: (ctx, rest) => watchLine(ctx, rest, 'new'),
};

/** Makes the rule of this line, or says what was not understood and offers the nearest line that would be. */
export async function watchLine(ctx: ChatContext, line: string, where: 'new' | 'here'): Promise<void> {
  if (line.trim() === '')
    return void (await ctx.show({
      text: en.watchHelp(),
      rows: [[{ label: en.newRule, action: 'new-rule' }]],
    }));
  const read = parseWatchLine(line);
  if (!read.ok) {
    const rows = read.meant === undefined ? [] : [[{ label: en.yes, action: 'watch', payload: read.meant }]];
    return void (await ctx.show({ text: en.watchFault(read, watchExample), rows }, where));
  }
  const made = await createOnce(ctx, ctx.ownerId, documentOfLine(read));
  if (!made.ok) {
    const isLine = made.code === 'invalid';
    const text = isLine
      ? en.watchFault(
          { ok: false, fault: made.text.replace(/\bparams\.\w+: /g, ''), piece: '' },
          watchExample,
        )
      : en.refused(made.text);
    return void (await ctx.show({ text }, where));
  }
  const saved = await savedScreen(ctx, made.rule, await warnings(ctx, read));
  const rows = [
    [
      { label: en.sendSample, action: 'sample', payload: made.rule.id },
      { label: en.pause, action: 'pause', payload: `on ${made.rule.id}` },
      { label: en.remove, action: 'delete', payload: made.rule.id },
    ],
  ];
  await ctx.show({ ...saved, rows }, where);
}

/** The document (DESIGN.md §6) that the line stands for. */
export function documentOfLine(line: WatchLine & { ok?: true }): RuleDocument {
  const { ok: _ok, bands, forMs, keepFiringForMs, match, shadow, ...plain } = line;
  return {
    ...plain,
    match: match.map(printCondition),
    for: printDuration(forMs),
    keepFiringFor: printDuration(keepFiringForMs),
    ...(shadow ? { shadow } : {}),
    ...(bands ? { bands: bands.map(({ when, ...rest }) => ({ when: printWhen(when), ...rest })) } : {}),
  };
}

/** A topic that nobody has sent yet may be a slip: say so, and offer the one that is there. */
async function warnings(ctx: ChatContext, line: WatchLine) {
  const topics = (await topicsSeen(ctx.deps.world.database.db, { limit: 500 })).map(({ topic }) => topic);
  if (topics.some((topic) => topicMatches(line.topic, topic))) return [];
  return [en.unseenTopic(line.topic, nearest(line.topic, topics))];
}
