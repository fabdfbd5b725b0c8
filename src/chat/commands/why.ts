// /why: why I was told, and why not: an alert, an event, a night.
import { fitOf } from '#core/name-match.ts';
import { readPastSpan } from '#core/past-span.ts';
import { lastTold, pastAlerts } from '#store/past-alerts.ts';
import { rulesOf } from '#store/rules.ts';
import { topicsSeen } from '#store/topics.ts';
import { answeredAlerts } from '../answered-alerts.ts';
import type { Command } from '../command.ts';
import type { ChatContext } from '../context.ts';
import { answered } from '../forum.ts';
import { lines } from '../html.ts';
import * as say from '../locales/why-period.ts';
import { whyAlertScreen, whyEventScreen, whyPeriodScreen } from '../why-screens.ts';

const usual = 'last 24h';

export const why: Command = {
  name: 'why',
  description: 'why I was told, and why not',
  example: '/why last night',
  scopes: ['private', 'group'],
  who: 'member',
  async handle(ctx, rest) {
    if (rest.trim() === '') return aboutAlert(ctx);
    // “Why not /home”: what was not told is said as well.
    const said = rest.trim().replace(/^not\b\s*/i, '') || usual;
    const seq = /^#?(\d{1,15})$/.exec(said)?.[1];
    if (seq !== undefined) return void (await ctx.show(await whyEventScreen(ctx, Number(seq))));
    const night = (ctx.group ?? ctx.settings).quiet?.window;
    const span = readPastSpan(said, ctx.zone, night, ctx.now);
    if (span) return void (await ctx.show(await whyPeriodScreen(ctx, span)));
    // Anything else is a name: of the last day, or of a time that stands behind it.
    const [, name = said, time] =
      /^(.+?) (last night|tonight|today|yesterday|this week|last week|last \S+)$/i.exec(said) ?? [];
    const named = readPastSpan(time ?? usual, ctx.zone, night, ctx.now);
    if (!named) return;
    const screen = await whyPeriodScreen(ctx, named, name);
    const unknown = (await isKnown(ctx, name)) ? undefined : say.noSuchName(name);
    await ctx.show({ ...screen, text: unknown ? lines(screen.text, unknown) : screen.text });
  },
};

const mostTopics = 500;

/** Whether a topic, a subject or a rule of this place is called so, or may be: of very many topics nobody looks at all. */
async function isKnown(ctx: ChatContext, name: string): Promise<boolean> {
  const { db } = ctx.deps.world.database;
  const topics = await topicsSeen(db, { limit: mostTopics });
  if (topics.length === mostTopics) return true;
  const asked = { ownerId: ctx.ownerId, search: name.slice(0, 100), page: 0, perPage: 1 };
  if ((await pastAlerts(db, asked)).count > 0) return true;
  const rules = await rulesOf(db, [ctx.ownerId]);
  const names = [
    ...topics.flatMap(({ topic, subjects }) => [topic, ...Object.keys(subjects)]),
    ...rules.flatMap((rule) => [rule.name, rule.topic]),
  ];
  return names.some((one) => fitOf(one, name) !== undefined);
}

/** The alert whose message this answers, otherwise the last one. */
async function aboutAlert(ctx: ChatContext): Promise<void> {
  const { db } = ctx.deps.world.database;
  const asked = answered(ctx.message);
  const alertId = (asked && (await answeredAlerts(ctx, asked, 1))[0]) ?? (await lastTold(db, ctx.ownerId));
  if (alertId === undefined) return void (await ctx.show({ text: say.nothingToExplain() }));
  await ctx.show(await whyAlertScreen(ctx, alertId));
}
