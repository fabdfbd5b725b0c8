// A broadcast, asked for: to whom, what they read, and how; then it is on its way.
import { house } from '#core/owner.ts';
import type { SeenTopic } from '#core/seen-topic.ts';
import { topicMatches } from '#core/topic.ts';
import { compareVersions, namesVersion } from '#core/version.ts';
import { type AudienceInput, createBroadcast, reachOf } from '#operations/create-broadcast.ts';
import { may } from '#operations/may.ts';
import { findGroup, groupsHere } from '#store/groups.ts';
import { peopleHere } from '#store/people.ts';
import { topicsSeen } from '#store/topics.ts';
import { broadcastScreen, broadcastsScreen } from '../broadcast-screens.ts';
import { type ChatContext, whoOf } from '../context.ts';
import { type Html, lines } from '../html.ts';
import * as say from '../locales/broadcasts.ts';
import * as labels from '../locales/labels.ts';
import * as sayQuestion from '../locales/questions.ts';
import * as refusals from '../locales/refusals.ts';
import type { Dialogue, Shown } from './dialogue.ts';

export interface BroadcastSeed {
  /** Of the one that will be made: a second press makes no second one. */
  id: string;
  audience?: AudienceInput;
  /** A cohort's topic, while its conditions are not said. */
  topic?: string;
  text?: string;
  everyMs?: number;
}

type Heard = { pressed: string } | { typed: string };

const day = 86_400_000;
const spans = [undefined, day, 3 * day, 7 * day];
/** Fewer are told all at once. */
const worthParts = 5;

/** Opens it, in a group for that group; `rest`: a topic and conditions, as typed. */
export function beginBroadcast(ctx: ChatContext, rest: string, here = false): void {
  const [topic, ...words] = rest.trim().split(/\s+/).filter(Boolean);
  const match = words.length > 0 ? [words.join(' ')] : undefined;
  const seed: BroadcastSeed = {
    id: ctx.deps.world.id('n'),
    ...(ctx.group ? { audience: { to: 'group', groupId: ctx.group.id } } : {}),
    ...(!ctx.group && topic && match ? { audience: { to: 'cohort', topic, match } } : {}),
    ...(!ctx.group && topic && !match ? { topic } : {}),
  };
  const messageId = here ? ctx.callbackQuery?.message?.message_id : undefined;
  ctx.opens = { dialogue: 'broadcast', seed, ...(messageId === undefined ? {} : { messageId }) };
}

export const broadcast: Dialogue<BroadcastSeed, BroadcastSeed> = {
  name: 'broadcast',
  begin: (ctx, own) => ask(ctx, own),
  async answer(ctx, own, heard) {
    if (heard.is === 'place') return undefined;
    if (heard.is === 'press' && heard.answer === 'no') return over(own, { text: say.notSent() });
    if (heard.is === 'press' && heard.answer === 'made') return over(own, await broadcastsScreen(ctx));
    const given: Heard = heard.is === 'press' ? { pressed: heard.answer } : { typed: heard.text.trim() };
    if (own.audience && own.text !== undefined) return decide(ctx, own, own.audience, own.text, given);
    if (own.audience)
      return 'typed' in given ? ask(ctx, { ...own, text: given.typed }) : pressed(ctx, own, given.pressed);
    if ('pressed' in given) return pressed(ctx, own, given.pressed);
    if (own.topic === undefined) return ask(ctx, { ...own, topic: given.typed });
    return ask(ctx, { ...own, audience: { to: 'cohort', topic: own.topic, match: [given.typed] } });
  },
};

const over = (own: BroadcastSeed, screen: { text: Html }): Shown<BroadcastSeed> => ({
  own,
  screen: { over: screen },
});

/** The first question that is open. What was said and cannot be is asked again, with the reason. */
async function ask(ctx: ChatContext, own: BroadcastSeed, problem?: string): Promise<Shown<BroadcastSeed>> {
  const { world } = ctx.deps;
  const { id, audience, topic, text } = own;
  if (audience) {
    const done = await reachOf(world, whoOf(ctx).actor, audience);
    if (done.ok)
      return text === undefined ? askText(ctx, own, done, problem) : askHow(ctx, own, done, text, problem);
    if (audience.to !== 'cohort' || done.code !== 'invalid')
      return over(own, { text: refusals.refused(done.text) });
    return /topic/.test(done.text)
      ? ask(ctx, { id }, done.text)
      : ask(ctx, { id, topic: audience.topic }, done.text);
  }
  if (!may(whoOf(ctx).actor, 'broadcast', house))
    return over(own, { text: refusals.refused(say.onlyAdmins) });
  if (topic === undefined) return askWhom(ctx, own, problem);
  return topic === '' ? askTopic(ctx, own, problem) : askMatch(ctx, own, topic, problem);
}

function pressed(ctx: ChatContext, own: BroadcastSeed, answer: string): Promise<Shown<BroadcastSeed>> {
  const { id } = own;
  const [word, rest = ''] = [answer.split(' ')[0], answer.slice(answer.indexOf(' ') + 1)];
  if (word === 'everyone') return ask(ctx, { id, audience: { to: 'everyone' } });
  if (word === 'group') return ask(ctx, { id, audience: { to: 'group', groupId: rest } });
  if (word === 'cohort') return ask(ctx, { id, topic: '' });
  if (word === 'topic') return ask(ctx, { id, topic: rest });
  if (word === 'match') {
    const match = rest === '' || rest === 'match' ? [] : [rest];
    return ask(ctx, { id, audience: { to: 'cohort', topic: own.topic ?? '**', match } });
  }
  return ask(ctx, { id });
}

async function askWhom(
  ctx: ChatContext,
  own: BroadcastSeed,
  problem?: string,
): Promise<Shown<BroadcastSeed>> {
  const { db } = ctx.deps.world.database;
  const everyone = await peopleHere(db);
  const groups = await groupsHere(db, 6);
  return asked(ctx, own, say.askWhom(problem), [
    [{ label: say.everyoneLabel(everyone.length), answer: 'everyone' }],
    ...groups.map(({ id, title }) => [{ label: say.groupLabel(title), answer: `group ${id}` }]),
    [{ label: say.cohortLabel, answer: 'cohort' }],
    [
      { label: say.madeLabel, answer: 'made' },
      { label: labels.cancel, answer: 'no' },
    ],
  ]);
}

async function askTopic(
  ctx: ChatContext,
  own: BroadcastSeed,
  problem?: string,
): Promise<Shown<BroadcastSeed>> {
  const seen = await topicsSeen(ctx.deps.world.database.db, { limit: 100 });
  const first = (topic: SeenTopic) => (Object.keys(topic.fields).some(namesVersion) ? 0 : 1);
  const options = seen.toSorted((a, b) => first(a) - first(b)).slice(0, 8);
  return asked(ctx, own, say.askTopic(problem), [
    ...options.map(({ topic }) => [{ label: topic, answer: `topic ${topic}` }]),
    backAndCancel,
  ]);
}

async function askMatch(
  ctx: ChatContext,
  own: BroadcastSeed,
  topic: string,
  problem?: string,
): Promise<Shown<BroadcastSeed>> {
  const seen = await topicsSeen(ctx.deps.world.database.db, { limit: 1000 });
  const options = suggestions(seen.filter((one) => topicMatches(topic, one.topic)));
  return asked(ctx, own, say.askMatch(topic, problem), [
    ...options.map((text) => [{ label: text, answer: `match ${text}` }]),
    [{ label: say.everyThing, answer: 'match' }],
    backAndCancel,
  ]);
}

/** Older than the newest version that was seen; or what a text says. */
function suggestions(topics: SeenTopic[]): string[] {
  const fields = topics
    .flatMap(({ fields: seen }) => Object.entries(seen))
    .filter(([name]) => /^[A-Za-z_][\w.-]*$/.test(name));
  const older = fields.flatMap(([name, { values = [] }]) => {
    const known = values.filter((text) => compareVersions(text, '0') !== undefined);
    const newest = known.toSorted((a, b) => compareVersions(b, a) ?? 0)[0];
    return namesVersion(name) && newest !== undefined ? [`${name} < ${newest}`] : [];
  });
  const same = fields.flatMap(([name, { values = [] }]) =>
    namesVersion(name) || values.length > 4
      ? []
      : values.filter((text) => text.length < 30).map((text) => `${name} = ${JSON.stringify(text)}`),
  );
  return [...new Set([...older, ...same])].slice(0, 6);
}

type Reached = Extract<Awaited<ReturnType<typeof reachOf>>, { ok: true }>;

async function askText(
  ctx: ChatContext,
  own: BroadcastSeed,
  { reach, audience }: Reached,
  problem?: string,
): Promise<Shown<BroadcastSeed>> {
  const to = await whomWords(ctx, audience);
  return asked(ctx, own, say.askText(to, reach, audience.to === 'cohort', problem), [
    ctx.group ? [cancel] : backAndCancel,
  ]);
}

async function askHow(
  ctx: ChatContext,
  own: BroadcastSeed,
  { reach, audience }: Reached,
  text: string,
  problem?: string,
): Promise<Shown<BroadcastSeed>> {
  const to = await whomWords(ctx, audience);
  const { count } = reach;
  const later = audience.to === 'cohort';
  const canSend = count > 0 || (own.everyMs !== undefined && later);
  const parts =
    count >= worthParts ? [{ label: say.firstLabel(Math.ceil(count / 10)), answer: 'first' }] : [];
  return asked(ctx, own, say.preview({ to, text, reach, everyMs: own.everyMs, canSend, later }, problem), [
    canSend ? [{ label: say.sendLabel(count), answer: 'send' }, ...parts] : [],
    [{ label: say.repeatLabel(own.everyMs), answer: 'repeat' }],
    [
      { label: say.otherText, answer: 'text' },
      ...(ctx.group ? [] : [{ label: say.othersLabel, answer: 'whom' }]),
      cancel,
    ],
  ]);
}

async function decide(
  ctx: ChatContext,
  own: BroadcastSeed,
  audience: AudienceInput,
  text: string,
  given: Heard,
): Promise<Shown<BroadcastSeed>> {
  // Typed once more: a better text.
  if ('typed' in given) return ask(ctx, { ...own, text: given.typed });
  const { text: _text, everyMs, ...rest } = own;
  if (given.pressed === 'text') return ask(ctx, everyMs === undefined ? rest : { ...rest, everyMs });
  if (given.pressed === 'whom') return ask(ctx, { id: own.id });
  if (given.pressed === 'repeat') {
    const next = spans[(spans.indexOf(everyMs) + 1) % spans.length];
    return ask(ctx, { ...rest, text, ...(next === undefined ? {} : { everyMs: next }) });
  }
  if (given.pressed !== 'send' && given.pressed !== 'first') return ask(ctx, own);
  const input = {
    id: own.id,
    text,
    audience,
    ...(given.pressed === 'first' ? { firstPercent: 10 } : {}),
    ...(everyMs === undefined ? {} : { everyMs }),
  };
  const done = await createBroadcast(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
  if (!done.ok) return ask(ctx, done.code === 'invalid' ? rest : own, done.text);
  return { own, screen: { over: await broadcastScreen(ctx, done.broadcast.id) } };
}

async function whomWords(ctx: ChatContext, to: Reached['audience']): Promise<string> {
  if (to.to !== 'group' || ctx.group) return say.audience(to);
  return say.toGroup((await findGroup(ctx.deps.world.database.db, to.groupId))?.title ?? '');
}

const cancel = { label: labels.cancel, answer: 'no' };
const backAndCancel = [{ label: labels.back, answer: 'back' }, cancel];

function asked(
  ctx: ChatContext,
  own: BroadcastSeed,
  text: Html,
  rows: { label: string; answer: string }[][],
): Shown<BroadcastSeed> {
  const shown = rows.filter((row) => row.length > 0);
  return { own, screen: { text: ctx.group ? lines(text, sayQuestion.replyHere()) : text, rows: shown } };
}
