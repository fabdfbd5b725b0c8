// The verbs about one alert, or many, as the matrix of rights tries them.
import type { Actor } from '#core/actor.ts';
import type { Outcome } from '#core/outcome.ts';
import { acknowledgeAlert } from '#operations/acknowledge-alert.ts';
import { acknowledgeMany } from '#operations/acknowledge-many.ts';
import { noteAlert } from '#operations/note-alert.ts';
import { releaseAlert } from '#operations/release-alert.ts';
import { resolveAlert } from '#operations/resolve-alert.ts';
import { snoozeAlert } from '#operations/snooze-alert.ts';
import { unsnoozeAlert } from '#operations/unsnooze-alert.ts';
import type { World } from '#operations/world.ts';
import { noon, operator } from './stage.ts';

interface Scene {
  world: World;
  ownerId: string;
  alert(): Promise<string>;
}

const may = 'own member head admin owner operator key-admin';
const must = async (outcome: Promise<Outcome<object>>): Promise<void> => {
  const done = await outcome;
  if (!done.ok) throw new Error(done.text);
};

export const alertVerbs = {
  'acknowledge-alert': {
    may,
    try: async ({ world, alert }: Scene, actor: Actor) =>
      acknowledgeAlert(world, actor, { alertId: await alert() }, noon),
  },
  'acknowledge-many': {
    may,
    try: async ({ world, ownerId, alert }: Scene, actor: Actor) => {
      await alert();
      return acknowledgeMany(world, actor, { ownerId }, noon);
    },
  },
  'release-alert': {
    may,
    try: async ({ world, alert }: Scene, actor: Actor) => {
      const alertId = await alert();
      await must(acknowledgeAlert(world, operator, { alertId }, noon));
      return releaseAlert(world, actor, { alertId }, noon);
    },
  },
  'resolve-alert': {
    may,
    try: async ({ world, alert }: Scene, actor: Actor) =>
      resolveAlert(world, actor, { alertId: await alert() }, noon),
  },
  'snooze-alert': {
    may,
    try: async ({ world, alert }: Scene, actor: Actor) =>
      snoozeAlert(world, actor, { alertId: await alert(), until: 'morning' }, noon),
  },
  'unsnooze-alert': {
    may,
    try: async ({ world, alert }: Scene, actor: Actor) => {
      const alertId = await alert();
      await must(snoozeAlert(world, operator, { alertId, until: 'morning' }, noon));
      return unsnoozeAlert(world, actor, { alertId }, noon);
    },
  },
  'note-alert': {
    may,
    try: async ({ world, alert }: Scene, actor: Actor) =>
      noteAlert(world, actor, { alertId: await alert(), text: 'the disk is being swapped' }, noon),
  },
};
