// The common course of every verb that changes how an owner wants to be told.
import type { Actor } from '#core/actor.ts';
import { nextCron } from '#core/cron.ts';
import type { Json } from '#core/json.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import type { Settings } from '#core/owner.ts';
import type { Tx } from '#store/connection.ts';
import { digestOf, moveDigest } from '#store/digests.ts';
import { judgeAgain } from '#store/fates.ts';
import { saveSettings, settingsOf } from '#store/people.ts';
import { receiversOf } from '#store/receivers.ts';
import { groundRules } from '#store/rules.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** The settings as they are now. */
export type SettingsOutcome = Outcome<{ settings: Settings }>;

/** A digest at nine is at nine by the new clock. */
async function moveWithZone(tx: Tx, ownerId: string, zone: string, now: number): Promise<void> {
  const digest = await digestOf(tx, ownerId);
  const next = digest?.cron && digest.zone === null ? nextCron(digest.cron, zone, now) : undefined;
  if (digest && next !== undefined) await moveDigest(tx, digest.id, next);
}

/** Saves a checked setting of a person or a group. */
export function saveOneSetting(
  world: World,
  actor: Actor,
  verb: string,
  { ownerId, changes }: { ownerId: string; changes: Partial<Settings> },
  detail: Json,
  now: number,
): Promise<SettingsOutcome> {
  return write(world, actor, verb, now, async (tx) => {
    const refused = await authorise(tx, actor, 'settings', ownerId);
    if (refused) return refused;
    if (!(await saveSettings(tx, ownerId, changes)))
      return refuse('not-found', 'There is nobody to set this for.');
    const { name: _name, ...settings } = await settingsOf(tx, ownerId, world.defaultZone);
    if (changes.zone !== undefined) {
      await groundRules(tx, ownerId, now);
      await moveWithZone(tx, ownerId, settings.zone, now);
    }
    const told = await receiversOf(tx, [ownerId]);
    // What was held by the old settings may be due by the new ones.
    const rings = await judgeAgain(
      tx,
      told.map(({ id }) => id),
      now,
    );
    return { ok: true, result: { settings }, target: ownerId, detail, rings };
  });
}
