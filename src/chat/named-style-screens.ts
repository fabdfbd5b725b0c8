// Screens about alert styles: names that rules tell to, each with the receivers that bear it and how they tell.
import { type Receiver, receiversOf } from '#store/receivers.ts';
import { rulesOf } from '#store/rules.ts';
import { titleOf } from './channel-screens.ts';
import type { ChatContext } from './context.ts';
import { type Html, lines } from './html.ts';
import * as labels from './locales/labels.ts';
import * as say from './locales/named-styles.ts';
import { styleLines } from './locales/styles.ts';
import type { Choice, Screen } from './screen.ts';

const most = 20;

/** The receivers of this place that bear this name; a chat has its own and is none of them. */
export async function bearersOf(ctx: ChatContext, name: string): Promise<Receiver[]> {
  return (await named(ctx)).filter(({ label }) => label === name);
}

async function named(ctx: ChatContext): Promise<Receiver[]> {
  const all = await receiversOf(ctx.deps.world.database.db, [ctx.ownerId]);
  return all.filter(({ contact }) => contact !== null);
}

/** Every name, with what bears it. */
export async function stylesScreen(ctx: ChatContext): Promise<Screen> {
  const all = await named(ctx);
  const names = [...new Set(all.map(({ label }) => label))].slice(0, most);
  const shown = names.map((name) => ({
    name,
    titles: all.filter(({ label }) => label === name).map(({ channel }) => titleOf(ctx, channel)),
  }));
  return {
    text: say.styles(shown),
    rows: [
      ...names.map((name): Choice[] => [{ label: name, action: 'named-style', payload: name }]),
      [{ label: labels.back, action: 'channels' }],
    ],
  };
}

/** One name: who bears it and how each tells, its rules, and what can be done with it. `above`: what was just done. */
export async function namedStyleScreen(ctx: ChatContext, name: string, above?: Html): Promise<Screen> {
  const bearers = await bearersOf(ctx, name);
  if (bearers.length === 0) return stylesScreen(ctx);
  const ids = new Set(bearers.map(({ id }) => id));
  const rules = (await rulesOf(ctx.deps.world.database.db, [ctx.ownerId])).filter(({ to }) =>
    to.some((id) => ids.has(id)),
  );
  const others = (await named(ctx)).filter(({ label }) => label !== name);
  return {
    text: lines(
      above,
      say.styleHead(name, rules.length),
      ...bearers.flatMap((one) => [say.bearer(titleOf(ctx, one.channel)), ...styleLines(one.style, true)]),
    ),
    rows: [
      ...bearers.map((one): Choice[] => [
        { label: say.howItTells(titleOf(ctx, one.channel)), action: 'style', payload: one.id },
      ]),
      [
        { label: say.rename, action: 'named-style-rename', payload: name },
        ...(others.length > 0 ? [{ label: say.add, action: 'named-style-add', payload: name }] : []),
      ],
      [{ label: labels.back, action: 'named-styles' }],
    ],
  };
}

/** Which receiver shall bear the name, too. */
export async function joinStyleScreen(ctx: ChatContext, name: string): Promise<Screen> {
  const others = (await named(ctx)).filter(({ label }) => label !== name).slice(0, most);
  return {
    text: say.askBearer(name),
    rows: [
      ...others.map(({ id, label, channel }): Choice[] => [
        {
          label: `${label} · ${titleOf(ctx, channel)}`,
          action: 'named-style-add',
          payload: `${name}\n${id}`,
        },
      ]),
      [{ label: labels.back, action: 'named-style', payload: name }],
    ],
  };
}

/** From which receiver this one shall take how it tells. */
export async function copyStyleScreen(ctx: ChatContext, id: string): Promise<Screen> {
  const all = await receiversOf(ctx.deps.world.database.db, [ctx.ownerId]);
  const own = all.find((one) => one.id === id);
  const others = all.filter((one) => one.id !== id).slice(0, most);
  return {
    text: say.askCopy(own?.label ?? '', others.length),
    rows: [
      ...others.map((one): Choice[] => [
        {
          label: `${one.label} · ${titleOf(ctx, one.channel)}`,
          action: 'style-copy',
          payload: `${id} ${one.id}`,
        },
      ]),
      [{ label: labels.back, action: 'style', payload: id }],
    ],
  };
}
