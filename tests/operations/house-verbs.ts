// The verbs about what everybody has (packs, words of topics), as the matrix of rights tries them.
import { actionBook } from '#act/action-book.ts';
import type { Actor } from '#core/actor.ts';
import { kindBook } from '#evaluate/kind-book.ts';
import { templateBook } from '#notify/templates/book.ts';
import { declareAction } from '#operations/declare-action.ts';
import { removeAction } from '#operations/remove-action.ts';
import { removeTemplate } from '#operations/remove-template.ts';
import { savePack } from '#operations/save-pack.ts';
import { setTemplate } from '#operations/set-template.ts';
import { withdrawPack } from '#operations/withdraw-pack.ts';
import type { World } from '#operations/world.ts';
import { noon, operator } from './stage.ts';

const may = 'admin owner operator key-admin';
const set = (world: World, actor: Actor, topic: string) =>
  setTemplate(world, actor, { template: { topic, title: world.id('t') }, book: templateBook }, noon);

export const aPack = { title: 'Disks', rules: [{ topic: 'disk.usage', kind: 'every' }] };

const anAction = { name: 'restart', params: { url: 'https://ops.example.org/{subject}' }, topic: '**' };

export const houseVerbs = {
  'declare-action': {
    may,
    try: ({ world }: { world: World }, actor: Actor) =>
      declareAction(world, actionBook, actor, anAction, noon),
  },
  'remove-action': {
    may,
    try: async ({ world }: { world: World }, actor: Actor) => {
      await declareAction(world, actionBook, operator, anAction, noon);
      return removeAction(world, actor, { action: 'restart' }, noon);
    },
  },
  'withdraw-pack': {
    may,
    try: async ({ world }: { world: World }, actor: Actor) => {
      const made = await savePack(world, operator, { document: aPack, book: kindBook }, noon);
      return withdrawPack(world, actor, { packId: made.ok ? made.pack.id : '' }, noon);
    },
  },
  'save-pack': {
    may,
    try: ({ world }: { world: World }, actor: Actor) =>
      savePack(world, actor, { document: aPack, book: kindBook }, noon),
  },
  'set-template': { may, try: ({ world }: { world: World }, actor: Actor) => set(world, actor, 'disk.*') },
  'remove-template': {
    may,
    try: async ({ world }: { world: World }, actor: Actor) => {
      await set(world, operator, 'net.*');
      return removeTemplate(world, actor, { topic: 'net.*' }, noon);
    },
  },
};
