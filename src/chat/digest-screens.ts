// The screen of the digest, and what its buttons and typed words ask for.
import { readDigestTimes } from '#core/digest-times.ts';
import type { DigestInput } from '#operations/set-digest.ts';
import { digestOf } from '#store/digests.ts';
import { settingsOf } from '#store/people.ts';
import { receiversOf } from '#store/receivers.ts';
import type { ChatContext } from './context.ts';
import * as say from './locales/digest.ts';
import * as labels from './locales/labels.ts';
import type { Choice, Screen } from './screen.ts';

/** When the digest comes, and the usual answers as buttons. */
export async function digestScreen(ctx: ChatContext): Promise<Screen> {
  const { world } = ctx.deps;
  const { db } = world.database;
  const digest = await digestOf(db, ctx.ownerId);
  const { zone } = await settingsOf(db, ctx.ownerId, world.defaultZone);
  const only = (await receiversOf(db, [ctx.ownerId])).some(({ style }) => style.digest === true);
  const press = (label: string, payload: string): Choice => ({ label, action: 'digest', payload });
  const shown = digest?.cron ? { ...digest, cron: digest.cron, place: digest.zone ?? zone, only } : undefined;
  const rows = [
    [press(say.daily, 'daily'), press(say.weekly, 'weekly'), ...(digest ? [press(say.off, 'off')] : [])],
    digest
      ? [
          press(say.quietToo(digest.sayQuiet), digest.sayQuiet ? 'quiet no' : 'quiet yes'),
          press(say.onlyUrgent(only), only ? 'only no' : 'only yes'),
        ]
      : [],
    [{ label: labels.back, action: 'settings' }],
  ];
  return { text: say.screen(shown, zone, ctx.now), rows: rows.filter((row) => row.length > 0) };
}

/**
 * What these words ask for: `fridays 18:00`, `off`, `quiet yes`, `only no`, or a schedule, each with a zone behind it;
 * undefined: nothing that is known.
 */
export async function digestInput(ctx: ChatContext, words: string): Promise<DigestInput | undefined> {
  const { world } = ctx.deps;
  const { ownerId } = ctx;
  const text = words.trim().replace(/\s+/g, ' ');
  const answer = /^(quiet|only) (yes|no)$/.exec(text);
  if (answer?.[1] === 'quiet') return { ownerId, sayQuiet: answer[2] === 'yes' };
  if (answer) return { ownerId, only: answer[2] === 'yes' };
  if (/^(off|none|no)$/i.test(text)) return { ownerId, cron: null };
  const { morning } = await settingsOf(world.database.db, ownerId, world.defaultZone);
  const zoned = /^(.*) ([A-Za-z_]+\/[A-Za-z0-9_+/-]+|UTC)$/.exec(text);
  const when = zoned?.[1] ?? text;
  const cron = readDigestTimes(when, morning);
  if (cron === undefined && !/^@|^[*\d][^ ]*( \S+){2,}$/.test(when)) return undefined;
  return { ownerId, cron: cron ?? when, zone: zoned?.[2] ?? null };
}
