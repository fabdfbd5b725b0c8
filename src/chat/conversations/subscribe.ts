// The way to a rule: /subscribe and the first contact. Reads what was seen, runs the wizard, saves.
import { may } from '#operations/may.ts';
import { topicsSeen } from '#store/topics.ts';
import { type ChatContext, whoOf } from '../context.ts';
import { lines } from '../html.ts';
import * as en from '../locales/en.ts';
import { savedScreen } from '../rule-screens.ts';
import { createOnce } from '../same-rule.ts';
import type { Dialogue, Shown } from './dialogue.ts';
import { type Draft, documentOfDraft, newDraft, type Seed, wayOf } from './draft.ts';
import type { Facts } from './facts.ts';
import type { Given } from './question.ts';
import { takeAnswer, viewOf } from './wizard.ts';

export const subscribe: Dialogue<Seed, Draft> = {
  name: 'subscribe',
  async begin(ctx, seed) {
    const draft = newDraft(seed);
    return ask(draft, await factsFor(ctx, draft));
  },
  async answer(ctx, draft, heard) {
    if (heard.is === 'place') return undefined;
    const given: Given = heard.is === 'press' ? { pressed: heard.answer } : { typed: heard.text };
    const facts = await factsFor(ctx, draft);
    const next = takeAnswer(draft, given, facts);
    if (next.is === 'cancel') return { own: draft, screen: { over: { text: en.wizardCancelled() } } };
    if (next.is === 'fault') return ask(draft, facts, next.text);
    if (next.is === 'save') return save(ctx, draft, facts);
    return ask(next.draft, await factsFor(ctx, next.draft));
  },
};

function ask(draft: Draft, facts: Facts, fault?: string): Shown<Draft> {
  const bare = viewOf(draft, facts);
  const view = facts.inGroup && draft.typing ? { ...bare, text: lines(bare.text, en.replyHere()) } : bare;
  return {
    own: draft,
    screen: fault === undefined ? view : { ...view, text: lines(en.fault(fault), view.text) },
  };
}

async function save(ctx: ChatContext, draft: Draft, facts: Facts): Promise<Shown<Draft>> {
  const { person } = whoOf(ctx);
  const ownerId = draft.whom === 'group' && ctx.group ? ctx.group.id : person.id;
  const made = await createOnce(ctx, ownerId, documentOfDraft(draft));
  if (!made.ok) return ask(draft, facts, made.text);
  return { own: draft, screen: { over: savedScreen(ctx, made.rule) } };
}

/** The catalogue, and the sentence as far as the draft goes. */
async function factsFor(ctx: ChatContext, draft: Draft): Promise<Facts> {
  const { world, book, publicUrl } = ctx.deps;
  const topics = await topicsSeen(world.database.db, { limit: 200 });
  const group = ctx.group && may(whoOf(ctx).actor, 'rule', ctx.group.id) ? ctx.group.title : undefined;
  const isSaid =
    draft.kind === 'every' ||
    wayOf(draft, false).every((question) => question !== 'limit' || draft.limit !== undefined);
  const { kind, params } = documentOfDraft(draft);
  const checked = draft.kind && isSaid ? book.check(kind, params) : undefined;
  return {
    topics,
    curl: firstEvent(publicUrl),
    sentence: checked?.ok ? book.describe(kind, checked.params) : '',
    ...(group === undefined ? {} : { group }),
    ...(ctx.group === undefined ? {} : { inGroup: true }),
  };
}

function firstEvent(publicUrl: string): string {
  const body = '{"type":"disk.usage","subject":"/home","data":{"usage":71}}';
  return `curl ${publicUrl}/v1/events -H 'authorization: Bearer YOUR_KEY' -H 'content-type: application/json' -d '${body}'`;
}
