// Being away, and following alerts up, by buttons.
import type { Care } from '#core/care.ts';
import { printDuration } from '#core/duration.ts';
import { setAway } from '#operations/set-away.ts';
import { setCare } from '#operations/set-care.ts';
import { peopleHere, settingsOf } from '#store/people.ts';
import type { ButtonAction } from '../button.ts';
import { calledApart } from '../called.ts';
import { awayScreen, awaySince, careScreen, delegateScreen } from '../care-screens.ts';
import { type ChatContext, whoOf } from '../context.ts';
import * as say from '../locales/care.ts';
import * as labels from '../locales/labels.ts';
import type { Choice } from '../screen.ts';

/** Payload: none (asks), `back`, an instant, or an instant and who is told instead (`nobody`), and from when. */
export const away: ButtonAction = {
  action: 'away',
  async press(ctx, row) {
    const [first, delegate, from] = (row.payload ?? '').split(' ');
    const until = Number(first);
    if (!first) {
      await ctx.toast();
      return void (await ctx.show(await awayScreen(ctx), 'here'));
    }
    if (first !== 'back' && delegate === undefined) {
      await ctx.toast();
      return void (await ctx.show(await delegateScreen(ctx, until), 'here'));
    }
    const { actor, person } = whoOf(ctx);
    const input = {
      personId: person.id,
      until: first === 'back' ? null : until,
      // A button pressed after its beginning begins now.
      ...(from && Number(from) > ctx.now ? { from: Number(from) } : {}),
      ...(delegate && delegate !== 'nobody' ? { delegate } : {}),
    };
    const done = await setAway(ctx.deps.world, actor, input, ctx.now);
    await ctx.toast(done.ok ? undefined : done.text);
    await ctx.show(await awayScreen(ctx, first === 'back' ? awaySince(person, ctx.now) : undefined), 'here');
  },
};

const quarter = 15 * 60_000;

/** Payload: none (shows), `remind ms`, `ack ms`, `next` (asks), `next person|nobody`. */
export const care: ButtonAction = {
  action: 'care',
  async press(ctx, row) {
    const [what, value] = (row.payload ?? '').split(' ');
    if (what === 'next' && value === undefined) return askNext(ctx);
    if (what) {
      const { world } = ctx.deps;
      const before = (await settingsOf(world.database.db, ctx.ownerId, world.defaultZone)).care ?? {};
      const document = documentOf(changed(before, what, value ?? ''));
      const done = await setCare(world, whoOf(ctx).actor, { ownerId: ctx.ownerId, document }, ctx.now);
      await ctx.toast(done.ok ? undefined : done.text);
    } else await ctx.toast();
    await ctx.show(await careScreen(ctx), 'here');
  },
};

async function askNext(ctx: ChatContext): Promise<void> {
  await ctx.toast();
  const people = await peopleHere(ctx.deps.world.database.db);
  const called = calledApart(people);
  const rows = people
    .slice(0, 10)
    .map(({ id }): Choice[] => [{ label: called.get(id)!, action: 'care', payload: `next ${id}` }]);
  await ctx.show({ text: say.whoNext(), rows: [...rows, [{ label: labels.back, action: 'care' }]] }, 'here');
}

function changed(before: Care, what: string, value: string): Care {
  const { remind, ackExpiresMs, escalate } = before;
  const ms = Number(value);
  const next: Care = {
    ...(what === 'remind' ? (ms > 0 ? { remind: { everyMs: ms, most: 5 } } : {}) : remind ? { remind } : {}),
    ...(what === 'ack' ? (ms > 0 ? { ackExpiresMs: ms } : {}) : ackExpiresMs ? { ackExpiresMs } : {}),
  };
  if (what !== 'next') return { ...next, ...(escalate ? { escalate } : {}) };
  return value === 'nobody' ? next : { ...next, escalate: [{ afterMs: quarter, to: [value] }] };
}

function documentOf({ remind, ackExpiresMs, escalate }: Care): object | null {
  if (!remind && ackExpiresMs === undefined && !escalate) return null;
  return {
    ...(remind ? { remind: { every: printDuration(remind.everyMs), most: remind.most } } : {}),
    ...(ackExpiresMs === undefined ? {} : { ackExpires: printDuration(ackExpiresMs) }),
    ...(escalate
      ? { escalate: escalate.map(({ afterMs, to }) => ({ after: printDuration(afterMs), to })) }
      : {}),
  };
}
