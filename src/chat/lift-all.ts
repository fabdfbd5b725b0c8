// Lifting several silences at once: what is lifted, and the question before it when more goes than may be meant.
import { actorName } from '#core/actor.ts';
import { isGroup } from '#core/owner.ts';
import type { Silence } from '#core/silence.ts';
import { liftSilence } from '#operations/lift-silence.ts';
import { silencesKept } from '#store/silences.ts';
import { type ChatContext, whoOf } from './context.ts';
import { lines } from './html.ts';
import * as sayMuting from './locales/muting.ts';
import * as refusals from './locales/refusals.ts';
import { mutedName } from './mute-then.ts';
import type { Screen } from './screen.ts';
import { silenceName, silencesScreen } from './silence-screens.ts';

/** All that is muted here, at once when it is one that somebody made for themselves; otherwise it is shown first. */
export async function liftEverything(ctx: ChatContext): Promise<Screen> {
  const all = await silencesKept(ctx.deps.world.database.db, [ctx.ownerId], ctx.now);
  const by = actorName(whoOf(ctx).actor);
  const isMore = all.length > 1 || all.some((one) => one.weekly || (isGroup(ctx.ownerId) && one.by !== by));
  if (!isMore) return liftThese(ctx, all);
  const { text, rows = [] } = await silencesScreen(ctx);
  const payload = all.map(({ id }) => id).join(' ');
  return {
    text: lines(text, sayMuting.askLiftAll(all.length)),
    rows: [
      ...rows.slice(0, -1),
      [
        { label: sayMuting.liftAll(all.length), action: 'lift-all', payload },
        { label: sayMuting.keepMuted, action: 'silences' },
      ],
    ],
  };
}

/** What was lifted; `target`: what they mute, when it was one thing that was named. */
export async function liftThese(ctx: ChatContext, these: Silence[], target?: string): Promise<Screen> {
  const names: string[] = [];
  for (const one of these) {
    const done = await liftSilence(ctx.deps.world, whoOf(ctx).actor, { silenceId: one.id }, ctx.now);
    if (!done.ok && done.code !== 'conflict') return { text: refusals.refused(done.text) };
    if (done.ok) names.push(one.ruleId ? await mutedName(ctx, `rule ${one.ruleId}`) : silenceName(one));
  }
  const name = target && (await mutedName(ctx, target));
  return {
    text: names.length === 0 ? sayMuting.nothingToLift(name) : sayMuting.liftedAll([...new Set(names)]),
  };
}
