// /away: not here for a while, and who is told instead.
import { readComingSpan, type Whose } from '#core/coming-span.ts';
import { setAway } from '#operations/set-away.ts';
import { awayScreen, awaySince, colleagues, delegateScreen } from '../care-screens.ts';
import type { Command } from '../command.ts';
import { whoOf } from '../context.ts';
import * as say from '../locales/care.ts';
import * as en from '../locales/en.ts';

/** A time has no more words than this. */
const mostWords = 10;

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
      const was = awaySince(person, ctx.now);
      return void (await ctx.show(done.ok ? await awayScreen(ctx, was) : { text: en.refused(done.text) }));
    }
    const said = readAway(words, { zone: ctx.settings.zone, morning: ctx.settings.morning }, ctx.now);
    if (!said) return void (await ctx.show({ text: say.awayFault(rest) }));
    const { from, until } = said;
    const name = said.rest.join(' ').replace(/^@/, '');
    if (name === '') return void (await ctx.show(await delegateScreen(ctx, until, from)));
    const other = (await colleagues(ctx)).find((one) =>
      [one.name, one.username].some((called) => called?.toLowerCase() === name.toLowerCase()),
    );
    if (!other) {
      const screen = await delegateScreen(ctx, until, from);
      return void (await ctx.show({ ...screen, text: say.unknownPerson(name) }));
    }
    const begins = from === undefined ? {} : { from };
    const input = { personId: person.id, until, delegate: other.id, ...begins };
    const done = await setAway(world, actor, input, ctx.now);
    await ctx.show(done.ok ? await awayScreen(ctx) : { text: en.refused(done.text) });
  },
};

/** The longest beginning that is a time, and the words behind it. */
function readAway(
  words: string[],
  whose: Whose,
  now: number,
): { from?: number; until: number; rest: string[] } | undefined {
  for (let count = Math.min(words.length, mostWords); count > 0; count--) {
    const span = readComingSpan(words.slice(0, count).join(' '), whose, now);
    if (!span) continue;
    const { startsAt } = span;
    const until = (startsAt ?? now) + span.for;
    return { ...(startsAt === undefined ? {} : { from: startsAt }), until, rest: words.slice(count) };
  }
  return undefined;
}
