// /away: not here for a while, and who is told instead.
import { parseDuration } from '#core/duration.ts';
import { setAway } from '#operations/set-away.ts';
import { awayScreen, colleagues, delegateScreen } from '../care-screens.ts';
import type { Command } from '../command.ts';
import { whoOf } from '../context.ts';
import * as say from '../locales/care.ts';
import * as en from '../locales/en.ts';

export const away: Command = {
  name: 'away',
  description: 'be away for a while, with somebody told instead',
  example: '/away 5d Ben',
  scopes: ['private'],
  who: 'member',
  async handle(ctx, rest) {
    const words = rest.trim().split(/\s+/).filter(Boolean);
    const { world } = ctx.deps;
    const { actor, person } = whoOf(ctx);
    if (words.length === 0) return void (await ctx.show(await awayScreen(ctx)));
    if (/^(off|back|no)$/i.test(words[0]!)) {
      const done = await setAway(world, actor, { personId: person.id, until: null }, ctx.now);
      const was = person.away?.since;
      return void (await ctx.show(done.ok ? await awayScreen(ctx, was) : { text: en.refused(done.text) }));
    }
    const span = parseDuration(words[0]!);
    if (span === undefined) return void (await ctx.show({ text: say.awayFault(rest) }));
    const until = ctx.now + span;
    const name = words.slice(1).join(' ').replace(/^@/, '');
    if (name === '') return void (await ctx.show(await delegateScreen(ctx, until)));
    const other = (await colleagues(ctx)).find((one) =>
      [one.name, one.username].some((called) => called?.toLowerCase() === name.toLowerCase()),
    );
    if (!other) {
      const screen = await delegateScreen(ctx, until);
      return void (await ctx.show({ ...screen, text: say.unknownPerson(name) }));
    }
    const done = await setAway(world, actor, { personId: person.id, until, delegate: other.id }, ctx.now);
    await ctx.show(done.ok ? await awayScreen(ctx) : { text: en.refused(done.text) });
  },
};
