// The verbs about people themselves, for the matrix of rights: their page, and leaving.
import type { Actor } from '#core/actor.ts';
import type { Outcome } from '#core/outcome.ts';
import { erasePerson } from '#operations/erase-person.ts';
import { openPage } from '#operations/open-page.ts';
import type { World } from '#operations/world.ts';
import { noon } from './stage.ts';

interface Scene {
  world: World;
  ownerId: string;
}
type Try = (scene: Scene, actor: Actor) => Promise<Outcome<object>>;

export const peopleVerbs: Record<string, { may: string; group: false; try: Try }> = {
  'erase-person': {
    may: 'own admin owner operator key-admin',
    group: false,
    try: ({ world, ownerId }, actor) => erasePerson(world, actor, { personId: ownerId }, noon),
  },
  'open-page': {
    may: 'own',
    group: false,
    try: ({ world, ownerId }, actor) => openPage(world, actor, { personId: ownerId, label: 'Firefox' }, noon),
  },
};
