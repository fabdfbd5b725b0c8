// Watching software: the values its module asks for, a look at what it tells now, its name, and then it is asked.
import { type AddedTarget, addTarget } from '#operations/add-target.ts';
import type { ModuleField } from '#operations/module-book.ts';
import { probeTarget } from '#operations/probe-target.ts';
import type { Login, TargetInput } from '#operations/target-input.ts';
import { type ChatContext, whoOf } from '../context.ts';
import { type Html, lines } from '../html.ts';
import * as labels from '../locales/labels.ts';
import * as sayQuestion from '../locales/questions.ts';
import * as refusals from '../locales/refusals.ts';
import * as say from '../locales/sources.ts';
import { sourcesScreen, targetScreen } from '../source-screens.ts';
import type { Dialogue, Shown } from './dialogue.ts';

export interface TargetSeed {
  module: string;
  /** Field by field; null: left out. */
  typed: Record<string, string | null>;
  name?: string;
  login?: Login;
  /** What is being typed besides the fields. */
  typing?: 'name' | 'login';
}
type Own = TargetSeed;

export const target: Dialogue<Own, Own> = {
  name: 'target',
  takesSlash: () => true,
  begin: (ctx, own) => next(ctx, own),
  async answer(ctx, own, heard) {
    if (heard.is === 'place') return undefined;
    if (heard.is === 'text') return takeText(ctx, own, heard.text.trim());
    const { typing: _typing, ...rest } = own;
    switch (heard.answer) {
      case 'no':
        return { own, screen: { over: await sourcesScreen(ctx, say.notAdded()) } };
      case 'back':
        return next(
          ctx,
          own.typing ? rest : { ...rest, typed: Object.fromEntries(Object.entries(own.typed).slice(0, -1)) },
        );
      case 'name':
      case 'login':
        return typing(ctx, { ...own, typing: heard.answer });
      case 'watch':
        return add(ctx, own);
      case 'usual':
      case 'skip':
        return next(ctx, withOpen(ctx, own, null));
      default:
        return next(ctx, own);
    }
  },
};

const fieldsOf = (ctx: ChatContext, own: Own): ModuleField[] =>
  ctx.deps.modules.find(own.module)?.fields ?? [];
const openField = (ctx: ChatContext, own: Own) =>
  fieldsOf(ctx, own).find(({ name }) => !Object.hasOwn(own.typed, name));

function withOpen(ctx: ChatContext, own: Own, value: string | null): Own {
  const field = openField(ctx, own);
  return field ? { ...own, typed: { ...own.typed, [field.name]: value } } : own;
}

/** What is typed as the operations take it. */
function inputOf(ctx: ChatContext, own: Own): TargetInput {
  const params = Object.fromEntries(
    fieldsOf(ctx, own).flatMap(({ name, input }) => {
      const text = own.typed[name];
      if (text === null || text === undefined) return [];
      const list = text.split(',').map((one) => one.trim());
      return [[name, input === 'list' ? list : input === 'number' ? Number(text) : text]];
    }),
  );
  const name = own.name ?? usualName(own);
  return {
    module: own.module,
    params,
    ...(name ? { name } : {}),
    ...(own.login ? { login: own.login } : {}),
  };
}

/** “this machine” says more than an address of this machine. */
function usualName({ typed, module }: Own): string | undefined {
  const address = Object.values(typed).find((text) => text?.startsWith('http')) ?? '';
  const here = typed.url === null || /^https?:\/\/(localhost|127\.)/.test(address);
  return here && module === 'host' ? 'this machine' : undefined;
}

async function takeText(ctx: ChatContext, own: Own, text: string): Promise<Shown<Own>> {
  const { typing: asked, ...rest } = own;
  if (asked === 'name') return next(ctx, { ...rest, name: text });
  if (asked === 'login') {
    await ctx.deleteMessage().catch(() => {});
    const at = text.indexOf(':');
    const login = at > 0 ? { user: text.slice(0, at), password: text.slice(at + 1) } : { bearer: text };
    return next(ctx, { ...rest, login });
  }
  const field = openField(ctx, own);
  if (!field) return next(ctx, own);
  const given = withOpen(ctx, own, text);
  const { params } = inputOf(ctx, given);
  const checked = ctx.deps.modules.check(own.module, params);
  const fault = checked.ok ? undefined : checked.faults.find(({ path }) => path.split('.')[0] === field.name);
  return fault ? ask(ctx, own, field, `${field.label} ${fault.text}`) : next(ctx, given);
}

async function next(ctx: ChatContext, own: Own): Promise<Shown<Own>> {
  const open = openField(ctx, own);
  return open ? ask(ctx, own, open) : look(ctx, own);
}

function ask(ctx: ChatContext, own: Own, field: ModuleField, problem?: string): Shown<Own> {
  const module = ctx.deps.modules.find(own.module);
  const answers = fieldsOf(ctx, own).flatMap(({ name, label, usual }): [string, string][] => {
    const value = own.typed[name] === null ? usual : own.typed[name];
    return value === undefined || value === null ? [] : [[label, value]];
  });
  const text = say.askField(module?.title ?? own.module, module?.about ?? '', answers, field, problem);
  const usual = field.usual ? [[{ label: field.usual, answer: 'usual' }]] : [];
  const skip = field.required || field.usual ? [] : [[{ label: say.skip, answer: 'skip' }]];
  return asked(ctx, own, text, [...usual, ...skip, ways(own)]);
}

const ways = (own: Own) => [
  ...(Object.keys(own.typed).length > 0 ? [{ label: labels.back, answer: 'back' }] : []),
  { label: say.notNow, answer: 'no' },
];

/** What it tells now, before anything is kept. */
async function look(ctx: ChatContext, own: Own): Promise<Shown<Own>> {
  const input = inputOf(ctx, own);
  const done = await probeTarget(
    ctx.deps.world,
    whoOf(ctx).actor,
    { ...input, book: ctx.deps.modules },
    ctx.now,
  );
  if (!done.ok) {
    const text = say.noAnswer(input.name ?? own.module, done.text);
    const again = [
      { label: say.askAgain, answer: 'again' },
      { label: say.withLogin, answer: 'login' },
    ];
    const rename = /name/.test(done.text) ? [{ label: say.otherName, answer: 'name' }] : [];
    return asked(ctx, own, text, [[...again, ...rename], ways(own)]);
  }
  return asked(ctx, { ...own, name: done.name }, say.liveValues(done.name, done.shown, done.ms), [
    [
      { label: say.watchIt, answer: 'watch' },
      { label: say.otherName, answer: 'name' },
    ],
    ways(own),
  ]);
}

function typing(ctx: ChatContext, own: Own, problem?: string): Shown<Own> {
  const text = own.typing === 'login' ? say.askLogin(problem) : say.askName(problem);
  return asked(ctx, own, text, [[{ label: labels.back, answer: 'back' }]]);
}

async function add(ctx: ChatContext, own: Own): Promise<Shown<Own>> {
  const input = { ...inputOf(ctx, own), book: ctx.deps.modules };
  const done: AddedTarget = await addTarget(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
  if (done.ok) return { own, screen: { over: await targetScreen(ctx, done.id, say.added(done.name)) } };
  if (/another name/.test(done.text)) return typing(ctx, { ...own, typing: 'name' }, done.text);
  return { own, screen: { over: await sourcesScreen(ctx, refusals.refused(done.text)) } };
}

function asked(
  ctx: ChatContext,
  own: Own,
  text: Html,
  rows: { label: string; answer: string }[][],
): Shown<Own> {
  return { own, screen: { text: ctx.group ? lines(text, sayQuestion.replyHere()) : text, rows } };
}
