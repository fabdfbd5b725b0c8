// A secret by which a source signs what it sends; from then on nothing unsigned is taken from it.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { changeSource, lockSource } from '#store/sources.ts';
import { mayKeepSources } from './create-source.ts';
import { sourcePlace } from './source-place.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

const hour = 3_600_000;

export interface SecretInput {
  /** The source's name or id. */
  source: string;
  /** What the other system was given; absent: one is made. 16 to 200 characters. */
  secret?: string;
  /** How long the secret before it is still good: 0 to 720 hours; default 24. */
  overlapHours?: number;
}

/** Sets the secret. Its text is shown once; it is kept sealed, because signatures need the text itself. */
export async function setSourceSecret(
  world: World,
  actor: Actor,
  { source: name, secret, overlapHours = 24 }: SecretInput,
  now: number,
): Promise<Outcome<{ secret: string; oldUntil: number | null }>> {
  if (!(overlapHours >= 0 && overlapHours <= 720))
    return refuse('invalid', 'The old secret can stay good for 0 to 720 hours.');
  if (secret !== undefined && !/^[\x20-\x7e]{16,200}$/.test(secret))
    return refuse('invalid', 'A secret has 16 to 200 plain letters, digits and signs.');
  if (secret?.startsWith('whsec_') && Buffer.from(secret.slice(6), 'base64').length < 16)
    return refuse('invalid', 'After whsec_ come at least 16 bytes in base64.');
  if (world.keyring.active() === undefined)
    return refuse(
      'conflict',
      'There is no encryption key: set ENCRYPTION_KEYS, or DATA_DIR where it is kept.',
    );
  const text = secret ?? `whsec_${Buffer.from(world.chance(32)).toString('base64')}`;
  return write(world, actor, 'set-source-secret', now, async (tx) => {
    if (!(await mayKeepSources(tx, actor))) return refuse('forbidden', 'Only admins can set secrets.');
    const source = await lockSource(tx, name);
    if (!source) return refuse('not-found', `There is no source called ${name.slice(0, 100)}.`);
    const { keyring } = world;
    const seal = (plain: string, column: 'secret' | 'old_secret') =>
      keyring.seal(plain, sourcePlace(source.id, column), world.chance(12));
    const before =
      source.secret === null ? undefined : keyring.open(source.secret, sourcePlace(source.id, 'secret'));
    // One that cannot be opened any more cannot be good any longer either.
    const old = before?.ok && before.plain !== text && overlapHours > 0 ? before.plain : undefined;
    const oldUntil = old === undefined ? null : now + overlapHours * hour;
    await changeSource(tx, source.id, {
      secret: seal(text, 'secret'),
      oldSecret: old === undefined ? null : seal(old, 'old_secret'),
      oldSecretUntil: oldUntil,
    });
    return { ok: true, result: { secret: text, oldUntil }, target: source.id, detail: { oldUntil } };
  });
}
