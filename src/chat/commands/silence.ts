// /silence: mute by rule or topic for a time; list and lift.
import { parseDuration } from '#core/duration.ts';
import { silenceAlerts } from '#operations/silence-alerts.ts';
import type { Command } from '../command.ts';
import { whoOf } from '../context.ts';
import * as en from '../locales/en.ts';
import { muteScreen, silencesScreen } from '../silence-screens.ts';

export const silence: Command = {
  name: 'silence',
  description: 'mute a rule or a topic for a time',
  example: '/silence disk.usage 2h',
  scopes: ['private', 'group'],
  who: 'member',
  async handle(ctx, rest) {
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
