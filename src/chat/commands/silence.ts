// /silence: mute by rule or topic for a time; list and lift.
import { parseDuration } from '#core/duration.ts';
import { silenceAlerts } from '#operations/silence-alerts.ts';
import type { Command } from '../command.ts';
import { type ChatContext, whoOf } from '../context.ts';
import { lines } from '../html.ts';
import * as en from '../locales/en.ts';
import { readLater, readWeekly, type Times } from '../planned-mute.ts';
import { muteScreen, silencesScreen } from '../silence-screens.ts';

type Planned = { topic: string } & Times;

/** `disk.usage 2h from 22:00` or `disk.usage every Sat 2-4`; undefined for anything else. */
function plannedOf(text: string, zone: string, now: number): Planned | undefined {
  const [, topic = '', every] = /^\s*(\S+)\s+every\s+(.+)$/i.exec(text) ?? [];
  if (every !== undefined) return { topic, ...readWeekly(every, zone) };
  const [, about = '', rest = ''] = /^\s*(\S+)\s+(.+)$/.exec(text) ?? [];
  const times = readLater(rest, zone, now);
  return times && { topic: about, ...times };
}

async function plan(ctx: ChatContext, planned: Planned): Promise<void> {
  const input = { ownerId: ctx.ownerId, ...planned };
  const done = await silenceAlerts(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
  if (!done.ok)
    return void (await ctx.show({ text: lines(en.refused(done.text), en.silenceFault(planned.topic)) }));
  await ctx.show({
    text: en.willBeMuted(planned.topic, done.silence, ctx.zone, ctx.now),
    rows: [[{ label: en.lift(1), action: 'lift', payload: done.silence.id }]],
  });
}

export const silence: Command = {
  name: 'silence',
  description: 'mute a rule or a topic for a time',
  example: '/silence disk.usage 2h',
  scopes: ['private', 'group'],
  who: 'member',
  async handle(ctx, rest) {
    const planned = plannedOf(rest, ctx.zone, ctx.now);
    if (planned) return plan(ctx, planned);
    const words = rest
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '' && word.toLowerCase() !== 'for');
    if (words.length === 0) return void (await ctx.show(await silencesScreen(ctx)));
    const span = parseDuration(words.slice(1).join(''));
    const [topic = ''] = words;
    if (span === undefined && words.length > 1) return void (await ctx.show({ text: en.silenceFault(rest) }));
    if (span === undefined) return void (await ctx.show(muteScreen(`topic ${topic}`, topic)));
    const done = await silenceAlerts(
      ctx.deps.world,
      whoOf(ctx).actor,
      { ownerId: ctx.ownerId, topic, for: span },
      ctx.now,
    );
    if (!done.ok) return void (await ctx.show({ text: en.refused(done.text) }));
    await ctx.show({
      text: en.muted(topic, done.silence.endsAt, ctx.zone, ctx.now),
      rows: [[{ label: en.lift(1), action: 'lift', payload: done.silence.id }]],
    });
  },
};
