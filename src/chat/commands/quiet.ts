// /quiet: hours in which only what breaks through is told.
import { parseWhen } from '#core/bands.ts';
import type { Window } from '#core/hours.ts';
import { setQuietHours } from '#operations/set-quiet-hours.ts';
import { settingsOf } from '#store/people.ts';
import type { Command } from '../command.ts';
import { whoOf } from '../context.ts';
import * as sayQuiet from '../locales/quiet.ts';
import * as refusals from '../locales/refusals.ts';
import { quietScreen } from '../settings-screens.ts';

export const quiet: Command = {
  name: 'quiet',
  description: 'hours in which I keep quiet',
  example: '/quiet 22-7',
  scopes: ['private', 'group'],
  who: 'member',
  async handle(ctx, rest) {
    const { world } = ctx.deps;
    const before = (await settingsOf(world.database.db, ctx.ownerId, world.defaultZone)).quiet;
    if (rest.trim() === '') return void (await ctx.show(quietScreen(before)));
    const window = readWindow(rest);
    if (!window)
      return void (await ctx.show({ text: sayQuiet.quietFault(rest), rows: quietScreen(before).rows ?? [] }));
    const wanted =
      window === 'off'
        ? null
        : { window, breakthrough: before ? before.breakthrough : ('critical' as const) };
    const done = await setQuietHours(
      world,
      whoOf(ctx).actor,
      { ownerId: ctx.ownerId, quiet: wanted },
      ctx.now,
    );
    await ctx.show(done.ok ? quietScreen(done.settings.quiet) : { text: refusals.refused(done.text) });
  },
};

/** `22-7`, `22:30 - 7:15`, `10pm to 7am`, with days `weekdays 22-7`, `off`; undefined for anything else. */
function readWindow(text: string): Window | 'off' | undefined {
  if (/^(off|no|none|never)$/i.test(text.trim())) return 'off';
  const plain = text
    .trim()
    .replace(/\s*(?:\bto\b|\buntil\b)\s*/gi, '-')
    .replace(/^(from|on|every|between)\s+/i, '')
    // The days may come last.
    .replace(/^(\d[\w:.]*\s*[-–—]\s*\d[\w:.]*)\s+(?:on\s+|every\s+)?(\D+)$/i, '$2 $1');
  const read = parseWhen(plain);
  const [window, ...more] = read.ok && read.when !== 'otherwise' ? read.when : [];
  // A whole day is no night, and one stretch is all there is.
  return window && more.length === 0 && window.to < 1440 ? window : undefined;
}
