// Away: somebody is not here for a while, and may name who is told instead.
import type { Actor } from '#core/actor.ts';
import { sayInstant } from '#core/hours.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { isGroup } from '#core/owner.ts';
import { dropDigest, offerAt, offerOf } from '#store/digests.ts';
import { judgeAgain } from '#store/fates.ts';
import { addNote } from '#store/notes.ts';
import { findPerson, saveSettings, settingsOf } from '#store/people.ts';
import { receiversOf } from '#store/receivers.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

export const longestAway = 366 * 86_400_000;

/** Why an absence to come is not set on top of the present one, which it would end. */
export const awayAlready = (until: number, zone: string, now: number) =>
  `You are away until ${sayInstant(until, zone, now)}, and a later absence would end that. It can be said when you are back, or after /away off.`;

/** Sets from when (now without) until when somebody is away; `until` null: back now. The one who stands in is told so. */
export function setAway(
  world: World,
  actor: Actor,
  input: { personId: string; until: number | null; from?: number; delegate?: string },
  now: number,
): Promise<Outcome<{ delegateName: string | null }>> {
  return write(world, actor, 'set-away', now, async (tx) => {
    const { personId, until, from = now, delegate } = input;
    const zoneOf = async (id: string) => (await settingsOf(tx, id, world.defaultZone)).zone;
    if (isGroup(personId)) return refuse('invalid', 'A group cannot be away.');
    const refused = await authorise(tx, actor, 'settings', personId);
    if (refused) return refused;
    const person = await findPerson(tx, personId);
    if (!person) return refuse('not-found', 'There is nobody to set this for.');
    if (until !== null && (until <= now || until > now + longestAway))
      return refuse('invalid', 'Away ends in the future, and within a year.');
    if (from < now || (until !== null && from >= until))
      return refuse('invalid', 'Away begins now or later, and before it ends.');
    const was = person.away && person.away.until > now ? person.away : null;
    if (was && was.since <= now && from > now)
      return refuse('conflict', awayAlready(was.until, await zoneOf(personId), now));
    const other = delegate === undefined ? undefined : await findPerson(tx, delegate);
    if (delegate !== undefined && (!other || other.leftAt !== null || other.id === personId))
      return refuse('invalid', 'The person to be told instead must be somebody else here.');
    const away = until === null ? null : { until, delegate: other?.id ?? null, since: from };
    await saveSettings(tx, personId, { away });
    const own = await receiversOf(tx, [personId]);
    const home = own.find(({ disabled, everyChange }) => disabled === null && !everyChange);
    if (until === null) await dropDigest(tx, offerOf(personId));
    else if (home) await offerAt(tx, { ownerId: personId, receiverId: home.id, since: from, nextAt: until });
    const rings = await judgeAgain(
      tx,
      own.map(({ id }) => id),
      now,
    );
    const isLater = from > now;
    const spanFor = async (id: string) => {
      const zone = await zoneOf(id);
      return `from ${sayInstant(from, zone, now)} until ${sayInstant(until ?? from, zone, now)}`;
    };
    // Also the one who stood in until now, or was to.
    for (const [id, text] of [
      [
        other?.id,
        other && isLater
          ? `${person.name} will be away ${await spanFor(other.id)}; then you are told of their alerts.`
          : `${person.name} is away. Until they are back, you are told of their alerts.`,
      ],
      [
        until === null ? person.away?.delegate : undefined,
        was && was.since > now
          ? `${person.name} will not be away after all and is told themselves.`
          : `${person.name} is back and told again themselves.`,
      ],
      [
        until !== null && was?.delegate !== other?.id ? was?.delegate : undefined,
        `You are no longer to be told of the alerts of ${person.name}.`,
      ],
    ] as const) {
      const place = id && (await receiversOf(tx, [id])).find(({ disabled }) => disabled === null);
      if (place) rings.push(...(await addNote(tx, place.id, text, 'info', now)));
    }
    return {
      ok: true,
      result: { delegateName: other?.name ?? null },
      target: personId,
      detail: { until, ...(from > now ? { from } : {}), delegate: other?.id ?? null },
      rings,
    };
  });
}
