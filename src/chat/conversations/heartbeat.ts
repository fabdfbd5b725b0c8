// Waiting for a job: what it is called and how often it calls; the answer is one line to paste.
import { parseDuration, printDuration } from '#core/duration.ts';
import type { Expects } from '#core/heartbeat.ts';
import { createHeartbeat } from '#operations/create-heartbeat.ts';
import { type ChatContext, whoOf } from '../context.ts';
import { type Html, lines } from '../html.ts';
import * as labels from '../locales/labels.ts';
import * as sayQuestion from '../locales/questions.ts';
import * as refusals from '../locales/refusals.ts';
import * as say from '../locales/sources.ts';
import { copying } from '../screen.ts';
import { copies, secretly } from '../secretly.ts';
import { heartbeatScreen, sourcesScreen } from '../source-screens.ts';
import type { Dialogue, Shown } from './dialogue.ts';

export interface HeartbeatSeed {
  ownerId: string;
  name?: string;
}

const minute = 60_000;
const usual = [5 * minute, 15 * minute, 60 * minute, 6 * 60 * minute, 24 * 60 * minute];

export const heartbeat: Dialogue<HeartbeatSeed, HeartbeatSeed> = {
  name: 'heartbeat',
  begin: async (ctx, own) => (own.name === undefined ? askName(ctx, own) : askEvery(ctx, own, own.name)),
  async answer(ctx, own, heard) {
    if (heard.is === 'place') return undefined;
    if (heard.is === 'press' && heard.answer === 'no')
      return { own, screen: { over: await sourcesScreen(ctx, say.notAdded()) } };
    if (heard.is === 'press' && heard.answer === 'back') return askName(ctx, { ownerId: own.ownerId });
    const said = heard.is === 'press' ? heard.answer.slice('say '.length) : heard.text.trim();
    if (own.name === undefined) return askEvery(ctx, { ...own, name: said }, said);
    const expects = expectsOf(ctx, said);
    if (!expects) return askEvery(ctx, own, own.name, say.noEvery(said));
    return make(ctx, own, own.name, expects);
  },
};

function askName(ctx: ChatContext, own: HeartbeatSeed, problem?: string): Shown<HeartbeatSeed> {
  const names = say.usualNames.map((label) => ({ label, answer: `say ${label}` }));
  return asked(ctx, own, say.askBeatName(problem), [names, [{ label: say.notNow, answer: 'no' }]]);
}

function askEvery(
  ctx: ChatContext,
  own: HeartbeatSeed,
  name: string,
  problem?: string,
): Shown<HeartbeatSeed> {
  const spans = usual.map((ms) => ({ label: say.everyLabel(ms), answer: `say ${printDuration(ms)}` }));
  return asked(ctx, own, say.askEvery(name, problem), [
    spans.slice(0, 3),
    spans.slice(3),
    [{ label: say.eachNight, answer: 'say 0 3 * * *' }],
    [
      { label: labels.back, answer: 'back' },
      { label: say.notNow, answer: 'no' },
    ],
  ]);
}

/** A span with a twelfth of it as grace, or a schedule by the clock of this place. */
function expectsOf(ctx: ChatContext, text: string): Expects | undefined {
  const every = parseDuration(text);
  if (every !== undefined && every >= minute)
    return {
      every: printDuration(every),
      grace: printDuration(Math.max(minute, Math.round(every / 12 / minute) * minute)),
    };
  return /^\S+(\s+\S+){4}$/.test(text) ? { cron: text, zone: ctx.zone, grace: '30m' } : undefined;
}

async function make(
  ctx: ChatContext,
  own: HeartbeatSeed,
  name: string,
  expects: Expects,
): Promise<Shown<HeartbeatSeed>> {
  const { world, book, publicUrl } = ctx.deps;
  const input = { ownerId: own.ownerId, name, expects, book };
  const done = await createHeartbeat(world, whoOf(ctx).actor, input, ctx.now);
  if (!done.ok) {
    const isName = done.code === 'conflict' || /name/.test(done.text);
    if (done.code === 'forbidden')
      return { own, screen: { over: await sourcesScreen(ctx, refusals.refused(done.text)) } };
    return isName ? askName(ctx, { ownerId: own.ownerId }, done.text) : askEvery(ctx, own, name, done.text);
  }
  const address = `${publicUrl}/v1/ping/${done.token}`;
  const secret = await secretly(ctx, name, say.curlLine(address));
  const screen = await heartbeatScreen(ctx, done.id, say.beatMade(name, secret));
  return { own, screen: { over: copying(screen, copies(ctx, { [say.copyLine]: say.callOf(address) })) } };
}

function asked(
  ctx: ChatContext,
  own: HeartbeatSeed,
  text: Html,
  rows: { label: string; answer: string }[][],
): Shown<HeartbeatSeed> {
  return { own, screen: { text: ctx.group ? lines(text, sayQuestion.replyHere()) : text, rows } };
}
