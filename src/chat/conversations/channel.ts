// Adding a receiver: what its channel asks for, field by field, then the code that was sent there, where one is.
import { addReceiver } from '#operations/add-receiver.ts';
import type { ContactField } from '#operations/channel-book.ts';
import { resendCode } from '#operations/send-code.ts';
import { verifyReceiver } from '#operations/verify-receiver.ts';
import { channelScreen, channelsScreen, ownReceiver, titleOf } from '../channel-screens.ts';
import { type ChatContext, whoOf } from '../context.ts';
import { type Html, lines } from '../html.ts';
import * as say from '../locales/channels.ts';
import * as labels from '../locales/labels.ts';
import * as sayQuestion from '../locales/questions.ts';
import * as refusals from '../locales/refusals.ts';
import { copying } from '../screen.ts';
import { copies, secretly } from '../secretly.ts';
import type { Dialogue, Heard, Shown } from './dialogue.ts';

export interface ChannelSeed {
  channel: string;
  ownerId: string;
  /** Field by field; null: left out. */
  typed: Record<string, string | null>;
  /** Its name was taken, so another one is asked for. */
  naming?: true;
  /** Added, and its code is asked for. */
  receiverId?: string;
}
type Way = { label: string; answer: string };
type Own = ChannelSeed;

export const channel: Dialogue<Own, Own> = {
  name: 'channel',
  takesSlash: () => true,
  begin: (ctx, own) => (own.receiverId === undefined ? next(ctx, own) : askCode(ctx, own)),
  async answer(ctx, own, heard) {
    if (heard.is === 'place') return undefined;
    if (own.receiverId !== undefined) return takeCode(ctx, own, heard);
    if (heard.is === 'press') {
      if (heard.answer === 'no') return over(own, { ...(await channelsScreen(ctx)) }, say.notAdded());
      if (heard.answer === 'back') return next(ctx, withoutLast(own));
      const open = fieldsOf(ctx, own).find(({ name }) => !Object.hasOwn(own.typed, name));
      return next(ctx, open ? withField(own, open.name, null) : own);
    }
    if (own.naming) return add(ctx, own, heard.text);
    const field = fieldsOf(ctx, own).find(({ name }) => !Object.hasOwn(own.typed, name));
    if (!field) return next(ctx, own);
    if (field.input === 'secret') await ctx.deleteMessage().catch(() => {});
    const given = withField(own, field.name, heard.text.trim());
    const fault = faultOf(ctx, given, field.name);
    return fault === undefined ? next(ctx, given) : ask(ctx, own, field, fault);
  },
};

function fieldsOf(ctx: ChatContext, own: Own): ContactField[] {
  return ctx.deps.channels.fields(own.channel);
}

function withField(own: Own, name: string, value: string | null): Own {
  return { ...own, typed: { ...own.typed, [name]: value } };
}

function withoutLast(own: Own): Own {
  const { naming: _naming, ...rest } = own;
  return { ...rest, typed: Object.fromEntries(Object.entries(own.typed).slice(0, -1)) };
}

const contactOf = ({ typed }: Own) =>
  Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== null));

/** What is wrong with this field; what is missing elsewhere is asked for later. */
function faultOf(ctx: ChatContext, own: Own, name: string): string | undefined {
  const read = ctx.deps.channels.check(own.channel, contactOf(own));
  return read.ok ? undefined : read.faults.find(({ path }) => path === name)?.text;
}

async function next(ctx: ChatContext, own: Own): Promise<Shown<Own>> {
  const open = fieldsOf(ctx, own).find(({ name }) => !Object.hasOwn(own.typed, name));
  if (open) return ask(ctx, own, open);
  if (own.naming) return naming(ctx, own);
  return add(ctx, own);
}

function ask(ctx: ChatContext, own: Own, field: ContactField, problem?: string): Shown<Own> {
  const known = fieldsOf(ctx, own).filter(({ name }) => typeof own.typed[name] === 'string');
  const answers = known.map(({ name, label, input }): [string, string] => [
    label,
    input === 'secret' ? '…' : String(own.typed[name]),
  ]);
  const wrong = problem === undefined ? undefined : `${field.label}: ${problem}`;
  const text = say.askField(titleOf(ctx, own.channel), answers, field, wrong);
  const skip = field.required ? [] : [{ label: say.skip, answer: 'skip' }];
  return asked(ctx, own, text, [...skip, ...backFrom(own)]);
}

function naming(ctx: ChatContext, own: Own, problem?: string): Shown<Own> {
  return asked(ctx, own, say.askName(titleOf(ctx, own.channel), problem), backFrom(own));
}

const backFrom = (own: Own): Way[] => [
  ...(Object.keys(own.typed).length > 0 ? [{ label: labels.back, answer: 'back' }] : []),
  { label: say.notNow, answer: 'no' },
];

function asked(ctx: ChatContext, own: Own, text: Html, ways: Way[]): Shown<Own> {
  return { own, screen: { text: ctx.group ? lines(text, sayQuestion.replyHere()) : text, rows: [ways] } };
}

async function add(ctx: ChatContext, own: Own, label?: string): Promise<Shown<Own>> {
  const { world, channels } = ctx.deps;
  const name = label === undefined ? {} : { label };
  const input = { ownerId: own.ownerId, channel: own.channel, contact: contactOf(own), ...name };
  const done = await addReceiver(world, channels, whoOf(ctx).actor, input, ctx.now);
  if (!done.ok) {
    const wrong = 'faults' in done ? done.faults?.[0] : undefined;
    const field = fieldsOf(ctx, own).find((one) => one.name === wrong?.path);
    if (field) {
      const { [field.name]: _wrong, ...typed } = own.typed;
      return ask(ctx, { ...own, typed }, field, wrong?.text);
    }
    if (done.code === 'conflict' && /another name/.test(done.text) && label === undefined)
      return naming(ctx, { ...own, naming: true }, done.text);
    if (own.naming) return naming(ctx, own, done.text);
    return over(own, await channelsScreen(ctx), refusals.refused(done.text));
  }
  if (done.waits) return askCode(ctx, { ...own, receiverId: done.id });
  const secret =
    Object.keys(done.shown).length === 0
      ? undefined
      : await secretly(ctx, done.label, say.secretOnce(done.shown));
  const screen = await channelScreen(ctx, done.id, lines(say.added(), secret));
  return { own, screen: { over: copying(screen, copies(ctx, say.secretCopies(done.shown))) } };
}

async function askCode(ctx: ChatContext, own: Own, problem?: string): Promise<Shown<Own>> {
  const receiver = await ownReceiver(ctx, own.receiverId ?? '');
  if (!receiver) return { own, screen: { over: await channelScreen(ctx, own.receiverId ?? '') } };
  return asked(ctx, own, say.askCode(receiver.label, problem), [
    { label: say.newCode, answer: 'again' },
    { label: say.notNow, answer: 'no' },
  ]);
}

async function takeCode(ctx: ChatContext, own: Own, heard: Heard): Promise<Shown<Own>> {
  const [{ world }, { actor }] = [ctx.deps, whoOf(ctx)];
  const receiverId = own.receiverId ?? '';
  if (heard.is === 'press' && heard.answer === 'again') {
    const sent = await resendCode(world, actor, { receiverId }, ctx.now);
    return { ...(await askCode(ctx, own, sent.ok ? say.codeSent : sent.text)) };
  }
  if (heard.is !== 'text')
    return { own, screen: { over: await channelScreen(ctx, receiverId, say.codeLater()) } };
  const done = await verifyReceiver(world, actor, { receiverId, code: heard.text }, ctx.now);
  if (!done.ok) return askCode(ctx, own, done.text);
  return { own, screen: { over: await channelScreen(ctx, receiverId, say.confirmed()) } };
}

function over(own: Own, screen: { text: Html; rows?: unknown }, above: Html): Shown<Own> {
  return { own, screen: { over: { ...(screen as { text: Html }), text: lines(above, screen.text) } } };
}
