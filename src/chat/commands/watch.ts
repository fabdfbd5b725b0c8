// /watch: a rule in one line.
import { printWhen } from '#core/bands.ts';
import { printCondition } from '#core/condition.ts';
import { printDuration } from '#core/duration.ts';
import { nearest } from '#core/nearest.ts';
import type { Refusal } from '#core/outcome.ts';
import type { RuleDocument } from '#core/rule.ts';
import { capital } from '#core/sentence.ts';
import { parseWatchLine, printWatchLine, type WatchLine, watchExample } from '#core/watch-line.ts';
import type { Fault } from '#operations/rule-draft.ts';
import { receiversOf } from '#store/receivers.ts';
import { topicsSeen } from '#store/topics.ts';
import type { Command } from '../command.ts';
import type { ChatContext } from '../context.ts';
import * as labels from '../locales/labels.ts';
import * as refusals from '../locales/refusals.ts';
import * as sayRules from '../locales/rules.ts';
import * as sayWatch from '../locales/watch.ts';
import { listLines, wouldHaveTold } from '../rule-notes.ts';
import { savedScreen } from '../rule-screens.ts';
import { createOnce } from '../same-rule.ts';
import type { Screen } from '../screen.ts';
import { forgottenTopic, slipsOf, versionOfNumbers } from '../watch-slips.ts';

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
      text: sayWatch.watchHelp(),
      rows: [[{ label: labels.newRule, action: 'new-rule' }]],
    }));
  const read = parseWatchLine(line);
  const topics = await topicsSeen(ctx.deps.world.database.db, { limit: 500 });
  if (!read.ok) {
    const whole = read.meant === undefined ? forgottenTopic(line, topics) : undefined;
    const again = whole === undefined ? undefined : parseWatchLine(whole);
    const meant = again?.ok ? printWatchLine(again) : read.meant;
    const rows = meant === undefined ? [] : [[{ label: labels.yes, action: 'watch', payload: meant }]];
    const fault = { ...read, ...(meant === undefined ? {} : { meant }) };
    return void (await ctx.show({ text: sayWatch.watchFault(fault, watchExample), rows }, where));
  }
  if (versionOfNumbers(read, topics)) {
    const { field, limit } = read.params;
    return void (await ctx.show({ text: sayWatch.numbersNotVersions(String(field), String(limit)) }, where));
  }
  const made = await createOnce(ctx, ctx.ownerId, documentOfLine(read));
  if (!made.ok) return void (await ctx.show(await refused(ctx, read, made), where));
  const slips = slipsOf(read, topics);
  const lists = slips.texts.length > 0 ? await listLines(ctx, made.rule) : [];
  const told = made.known ? undefined : await wouldHaveTold(ctx, made.rule);
  const saved = await savedScreen(ctx, made.rule, { ...made, told, more: [...slips.texts, ...lists] });
  const { meant } = slips;
  const mend = meant && {
    label: sayWatch.takeNames(meant.names),
    action: 'mend',
    payload: `${made.rule.id} ${printWatchLine(meant.line)}`,
  };
  const rows = [
    ...(mend ? [[mend]] : []),
    [
      { label: sayRules.sendSample, action: 'sample', payload: made.rule.id },
      { label: labels.pause, action: 'pause', payload: `on ${made.rule.id}` },
      { label: labels.remove, action: 'delete', payload: made.rule.id },
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
    ...(bands
      ? {
          bands: bands.map(({ when, params, ...rest }) => ({
            when: printWhen(when),
            ...(params ? { params: { ...alwaysCritical(plain, params), ...params } } : {}),
            ...rest,
          })),
        }
      : {}),
  };
}

/** A limit beyond the critical one of other hours is critical by itself. */
function alwaysCritical(
  { kind, params: { critical, op } }: Pick<WatchLine, 'kind' | 'params'>,
  { limit }: Record<string, unknown>,
): { critical?: number } {
  if (kind !== 'threshold' || typeof critical !== 'number' || typeof limit !== 'number') return {};
  const passed = String(op).startsWith('>') ? limit > critical : limit < critical;
  return passed ? { critical: limit } : {};
}

/** Why the rule was not made; the name of a receiver that was likely meant makes a line of its own. */
async function refused(
  ctx: ChatContext,
  line: WatchLine & { ok?: true },
  { code, text, faults = [] }: Refusal & { faults?: Fault[] },
): Promise<Screen> {
  if (code !== 'invalid') return { text: refusals.refused(text) };
  const told = (await receiversOf(ctx.deps.world.database.db, [ctx.ownerId])).map(({ label }) => label);
  let isMended = false;
  const name = (typed: string) => {
    if (told.includes(typed)) return typed;
    const near = nearest(typed, told);
    isMended ||= near !== undefined;
    return near ?? typed;
  };
  const { ok: _ok, ...rest } = line;
  const mended = {
    ...rest,
    ...(line.to ? { to: line.to.map(name) } : {}),
    ...(line.bands
      ? { bands: line.bands.map((band) => (band.to ? { ...band, to: band.to.map(name) } : band)) }
      : {}),
  };
  const meant = isMended ? printWatchLine(mended) : undefined;
  const fault = faults.length > 0 ? faults.map((one) => one.text).join('; ') : text;
  return {
    text: sayWatch.watchFault(
      { ok: false, fault: capital(fault), piece: '', ...(meant === undefined ? {} : { meant }) },
      watchExample,
    ),
    rows: meant === undefined ? [] : [[{ label: labels.yes, action: 'watch', payload: meant }]],
  };
}
