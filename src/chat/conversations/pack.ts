// Taking a pack: its blanks are asked one after the other, with the usual answer as a button; then its rules are made.
import { type Answers, type Pack, readAnswer } from '#core/pack.ts';
import { takePack } from '#operations/take-pack.ts';
import { findPack } from '#store/packs.ts';
import { type ChatContext, whoOf } from '../context.ts';
import { lines } from '../html.ts';
import * as labels from '../locales/labels.ts';
import * as say from '../locales/packs.ts';
import * as sayQuestion from '../locales/questions.ts';
import * as refusals from '../locales/refusals.ts';
import { packScreen } from '../pack-screens.ts';
import type { Dialogue, Shown } from './dialogue.ts';

export interface PackSeed {
  packId: string;
  ownerId: string;
  answers: Answers;
}

export const pack: Dialogue<PackSeed, PackSeed> = {
  name: 'pack',
  takesSlash: () => true,
  begin: (ctx, own) => goOn(ctx, own),
  async answer(ctx, own, heard) {
    if (heard.is === 'place') return undefined;
    const offered = await findPack(ctx.deps.world.database.db, own.packId);
    const asked = offered && nextAsk(offered, own);
    if (!offered || !asked) return goOn(ctx, own);
    if (heard.is === 'press' && heard.answer === 'no')
      return { own, screen: { over: { text: say.notTaken() } } };
    if (heard.is === 'press' && heard.answer === 'back') {
      const before = Object.entries(own.answers).slice(0, -1);
      return goOn(ctx, { ...own, answers: Object.fromEntries(before) });
    }
    const read = readAnswer(asked, heard.is === 'press' ? heard.answer.slice(6) : heard.text);
    if (!read.ok) return goOn(ctx, own, read.fault);
    return goOn(ctx, { ...own, answers: { ...own.answers, [asked.name]: read.value } });
  },
};

async function goOn(ctx: ChatContext, own: PackSeed, problem?: string): Promise<Shown<PackSeed>> {
  const { world, book } = ctx.deps;
  const offered = await findPack(world.database.db, own.packId);
  if (!offered) return { own, screen: { over: await packScreen(ctx, own.packId) } };
  const asked = nextAsk(offered, own);
  if (asked) {
    const at = offered.asks.indexOf(asked);
    const answered = offered.asks
      .filter(({ name }) => Object.hasOwn(own.answers, name))
      .map(({ name, label }): [string, string] => [label, String(own.answers[name])]);
    const question = say.ask(offered.title, asked, at, offered.asks.length, answered, problem);
    const usual =
      asked.usual === undefined ? [] : [[{ label: String(asked.usual), answer: `usual ${asked.usual}` }]];
    const ways = [
      ...(answered.length > 0 ? [{ label: labels.back, answer: 'back' }] : []),
      { label: say.notNow, answer: 'no' },
    ];
    const text = ctx.group ? lines(question, sayQuestion.replyHere()) : question;
    return { own, screen: { text, rows: [...usual, ways] } };
  }
  const input = { ownerId: own.ownerId, packId: own.packId, answers: own.answers, book };
  const done = await takePack(world, whoOf(ctx).actor, input, ctx.now);
  if (!done.ok) {
    const screen = await packScreen(ctx, own.packId);
    return { own, screen: { over: { ...screen, text: lines(refusals.refused(done.text), screen.text) } } };
  }
  const rows = [
    ...done.rules.slice(0, 6).map((rule) => [{ label: rule.name, action: 'rule', payload: rule.id }]),
    [{ label: labels.myRules, action: 'rules', payload: '0' }],
  ];
  const names = done.rules.map(({ name }) => name);
  const text = done.already ? say.haveAlready(names.length) : say.taken(offered.title, names);
  return { own, screen: { over: { text, rows } } };
}

function nextAsk(offered: Pack, own: PackSeed) {
  return offered.asks.find(({ name }) => !Object.hasOwn(own.answers, name));
}
