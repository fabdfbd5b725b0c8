// /away: not here for a while, and who is told instead.
import { isAway } from '#core/away.ts';
import { readComingSpan, type Whose } from '#core/coming-span.ts';
import { awayAlready, longestAway, setAway } from '#operations/set-away.ts';
import type { Person } from '#store/people.ts';
import { awayScreen, awaySince, colleagues, delegateScreen } from '../care-screens.ts';
import type { Command } from '../command.ts';
import { whoOf } from '../context.ts';
import { lines } from '../html.ts';
import * as say from '../locales/care.ts';
import * as sayMuting from '../locales/muting.ts';
import * as refusals from '../locales/refusals.ts';

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
      return void (await ctx.show(
        done.ok ? await awayScreen(ctx, was) : { text: refusals.refused(done.text) },
      ));
    }
    const others = await colleagues(ctx);
    const names = others.flatMap((one) => [one.name, one.username ?? '']).filter(Boolean);
    const said = readAway(words, names, { zone: ctx.settings.zone, morning: ctx.settings.morning }, ctx.now);
    if (!said) return void (await ctx.show({ text: say.awayFault(rest) }));
    if (said === 'which-year')
      return void (await ctx.show({ text: refusals.refused(sayMuting.whichYear(ctx.now)) }));
    const { from, until } = said;
    if (until <= ctx.now || until > ctx.now + longestAway)
      return void (await ctx.show({ text: say.awayEnds() }));
    if (from !== undefined && person.away && isAway(person.away, ctx.now)) {
      const text = refusals.refused(awayAlready(person.away.until, ctx.settings.zone, ctx.now));
      return void (await ctx.show({ ...(await awayScreen(ctx)), text }));
    }
    const name = said.rest.join(' ');
    if (name === '') return void (await ctx.show(await delegateScreen(ctx, until, from)));
    const fitting = calledSo(others, name);
    const [other] = fitting;
    if (!other) {
      const screen = await delegateScreen(ctx, until, from);
      return void (await ctx.show({ ...screen, text: say.unknownPerson(name) }));
    }
    if (fitting.length > 1) {
      const screen = await delegateScreen(ctx, until, from, fitting);
      return void (await ctx.show({ ...screen, text: lines(say.severalCalled(other.name), screen.text) }));
    }
    const begins = from === undefined ? {} : { from };
    const input = { personId: person.id, until, delegate: other.id, ...begins };
    const done = await setAway(world, actor, input, ctx.now);
    await ctx.show(done.ok ? await awayScreen(ctx) : { text: refusals.refused(done.text) });
  },
};

/** Whom a word means: everybody of that name, or who is found by it; `@` says that it is the latter. */
function calledSo(people: readonly Person[], said: string): Person[] {
  const word = said.replace(/^@/, '').toLowerCase();
  const byName = said.startsWith('@') ? [] : people.filter(({ name }) => name.toLowerCase() === word);
  return byName.length > 0 ? byName : people.filter(({ username }) => username?.toLowerCase() === word);
}

interface Said {
  from?: number;
  until: number;
  rest: string[];
}

/**
 * A time and the words behind it: what stands in front of a colleague’s name at the end, who may be called May or April;
 * otherwise the longest beginning that is a time.
 */
function readAway(
  words: string[],
  names: string[],
  whose: Whose,
  now: number,
): Said | 'which-year' | undefined {
  const typed = words.join(' ').toLowerCase();
  const named = names
    .filter((name) => [` ${name}`, ` @${name}`].some((end) => typed.endsWith(end.toLowerCase())))
    .map((name) => words.length - name.split(/\s+/).length);
  const longest = Math.min(words.length, mostWords);
  for (const count of [...named, ...Array.from({ length: longest }, (_, i) => longest - i)]) {
    const span = readComingSpan(words.slice(0, count).join(' '), whose, now);
    if (!span) continue;
    if (span === 'which-year') return span;
    const { startsAt } = span;
    const until = (startsAt ?? now) + span.for;
    return { ...(startsAt === undefined ? {} : { from: startsAt }), until, rest: words.slice(count) };
  }
  return undefined;
}
