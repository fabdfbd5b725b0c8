// A new target: software that is asked from now on.
import { type Actor, actorRef } from '#core/actor.ts';
import { countsOf, type DeclaredField, type DeclaredTopic } from '#core/declared-topic.ts';
import type { Json } from '#core/json.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { shownAddress } from '#core/shown-address.ts';
import { declareUnsaid } from '#store/declared-topics.ts';
import { allTargets, addTarget as insertTarget, secretPlace } from '#store/targets.ts';
import { mayKeepSources } from './create-source.ts';
import type { ModuleBook, ModuleFacts, Offer } from './module-book.ts';
import { checkTarget, type TargetInput, type TargetRefusal } from './target-input.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** How many targets one installation asks. */
const mostTargets = 5_000;

export type AddedTarget = Outcome<{ id: string; name: string; offers: Offer[] }> | TargetRefusal;

/** Adds a target; it is asked at once, whether it answers or not. The rules it offers are for the caller to make. */
export async function addTarget(
  world: World,
  actor: Actor,
  { book, ...input }: TargetInput & { book: ModuleBook },
  now: number,
): Promise<AddedTarget> {
  const checked = checkTarget(book, input);
  return write(world, actor, 'add-target', now, async (tx) => {
    if (!(await mayKeepSources(tx, actor))) return refuse('forbidden', 'Only admins can add targets.');
    if (!checked.ok) return checked;
    const { module, name, params, everyMs, timeoutMs, authorization } = checked.target;
    if ((await allTargets(tx)).length >= mostTargets)
      return refuse(
        'conflict',
        `There are ${mostTargets.toLocaleString('en-US')} targets already. Remove one first.`,
      );
    const id = world.id('t');
    const added = await insertTarget(tx, {
      id,
      name,
      module: module.name,
      params,
      secret:
        authorization === undefined
          ? null
          : world.keyring.seal(authorization, secretPlace(id), world.chance(12)),
      everyMs,
      timeoutMs,
      paused: false,
      nextAt: now,
      createdBy: actorRef(actor),
      createdAt: now,
    });
    if (!added) return refuse('conflict', `There is already a target called ${name}; give it another name.`);
    await declareUnsaid(tx, meaningsOf(module, now));
    return {
      ok: true,
      result: { id, name, offers: book.offers(module.name, name) },
      target: id,
      detail: { name, module: module.name, params: readable(params), everyMs, timeoutMs },
      rings: [{ job: 'scrape', id: 'all' }],
    };
  });
}

/** The trail is read by more people than a token in an address is meant for. */
function readable(params: Record<string, unknown>): Json {
  const text = JSON.stringify(params, (_, value) =>
    typeof value === 'string' && /^https?:/i.test(value) ? shownAddress(value) : value,
  );
  return JSON.parse(text);
}

/** What its module says of its topics: the catalogue shows it, and messages have their units. */
function meaningsOf({ title, topics }: ModuleFacts, now: number): DeclaredTopic[] {
  return topics.flatMap((meaning): DeclaredTopic[] => {
    // Which topics a pattern comes to only the software knows.
    if (meaning.topic.includes('*')) return [];
    const fields = Object.fromEntries(
      Object.entries(meaning.fields).map(([name, { title: description, unit }]): [string, DeclaredField] => [
        name,
        { description, ...(unit === undefined ? {} : { unit }) },
      ]),
    );
    return [
      {
        topic: meaning.topic,
        title: meaning.title,
        description: `Each subject is ${meaning.subject}.`,
        strict: false,
        fields,
        declaredAt: now,
        declaredBy: title,
        base: countsOf(undefined),
      },
    ];
  });
}
