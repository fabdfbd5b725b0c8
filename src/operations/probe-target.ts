// A look at a target before it is added: its live values, or a clear reason why there are none. Nothing is kept.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { mayKeepSources } from './create-source.ts';
import type { ModuleBook, Offer, Shown } from './module-book.ts';
import { checkTarget, type TargetInput } from './target-input.ts';
import type { World } from './world.ts';

export interface TargetLook {
  name: string;
  shown: Shown[];
  /** Rules that could be made for it. */
  offers: Offer[];
  ms: number;
}

/** Asks the target once. A target that does not answer well is a refusal `conflict` with the reason. */
export async function probeTarget(
  world: World,
  actor: Actor,
  { book, ...input }: TargetInput & { book: ModuleBook },
  now: number,
): Promise<Outcome<TargetLook>> {
  // Asking is already more than looking: it sends a request from this machine.
  if (!(await mayKeepSources(world.database.db, actor)))
    return refuse('forbidden', 'Only admins can add targets.');
  const checked = checkTarget(book, input);
  if (!checked.ok) return checked;
  const { module, name, params, timeoutMs, authorization } = checked.target;
  const place = { name, params, timeoutMs, ...(authorization === undefined ? {} : { authorization }) };
  const probed = await book.probe(module.name, place, now);
  if (!probed.ok) return refuse('conflict', `${name}: ${probed.text}.`);
  return { ok: true, name, shown: probed.shown, offers: book.offers(module.name, name), ms: probed.ms };
}
