// Screens about receivers: all of this place, one with what can be done to it, what can be added, and opt-outs.
import { listReceivers } from '#operations/list-receivers.ts';
import { optOutsOf } from '#store/opt-outs.ts';
import { findReceiver, type Receiver, receiversOf } from '#store/receivers.ts';
import { rulesOf } from '#store/rules.ts';
import { type ChatContext, whoOf } from './context.ts';
import { type Html, html, lines } from './html.ts';
import * as say from './locales/channels.ts';
import * as labels from './locales/labels.ts';
import { styleList } from './locales/named-styles.ts';
import * as refusals from './locales/refusals.ts';
import { styleLines } from './locales/styles.ts';
import { type Choice, inPairs, type Screen } from './screen.ts';

/** Where this place is told. */
export async function channelsScreen(ctx: ChatContext): Promise<Screen> {
  const listed = await listReceivers(ctx.deps.world, whoOf(ctx).actor, { ownerId: ctx.ownerId });
  if (!listed.ok) return { text: refusals.refused(listed.text) };
  const told = listed.receivers.map((one) => ({ ...one, title: titleOf(ctx, one.channel) }));
  const rows = told
    .slice(0, 30)
    .map(({ id, label, title }): Choice[] => [
      { label: say.receiverLabel(label, title), action: 'channel', payload: id },
    ]);
  const more: Choice[] = [
    { label: say.addOne, action: 'channel-add' },
    { label: say.optOuts, action: 'opt-outs' },
    ...(told.some(({ channel }) => channel !== 'telegram')
      ? [{ label: styleList, action: 'named-styles' }]
      : []),
  ];
  return { text: say.channelsTitle(told, ctx.group !== undefined), rows: [...rows, more] };
}

/** One receiver. `above`: what was just done. */
export async function channelScreen(ctx: ChatContext, id: string, above?: Html): Promise<Screen> {
  const receiver = await ownReceiver(ctx, id);
  if (!receiver) {
    const all = await channelsScreen(ctx);
    return { ...all, text: lines(html`${say.gone}`, all.text) };
  }
  const listed = await listReceivers(ctx.deps.world, whoOf(ctx).actor, { ownerId: ctx.ownerId });
  const found = listed.ok ? listed.receivers.find((one) => one.id === id) : undefined;
  if (!listed.ok || !found) return { text: refusals.refused(listed.ok ? say.gone : listed.text) };
  const { db } = ctx.deps.world.database;
  const together = (await receiversOf(db, [ctx.ownerId])).filter(
    (one) => one.label === receiver.label && one.id !== id,
  ).length;
  const rules = (await rulesOf(db, [ctx.ownerId])).filter(({ to }) => to.includes(id)).length;
  const shown = { ...found, title: titleOf(ctx, receiver.channel) };
  const text = lines(
    above,
    say.receiverDetail(shown, { together, rules }, ctx.zone, ctx.now),
    ...styleLines(receiver.style),
  );
  return { text, rows: rowsFor(ctx, receiver, found.state) };
}

function rowsFor(ctx: ChatContext, receiver: Receiver, state: string): Choice[][] {
  const { id, channel, contact } = receiver;
  const info = ctx.deps.channels.find(channel);
  const press = (label: string, action: string, payload = id): Choice => ({ label, action, payload });
  const work: Choice[] =
    state === 'waits'
      ? [press(say.enterCode, 'channel-code'), press(say.newCode, 'channel-new-code')]
      : state === 'off'
        ? [press(say.switchOn, 'channel-switch', `on ${id}`)]
        : [press(say.test, 'channel-test'), press(say.howItTells, 'style')];
  const typed = contact !== null;
  const rows: Choice[][] = [
    work,
    state === 'waits' ? [] : [press(say.deliveries, 'deliveries')],
    info?.contact?.renew && state !== 'waits' ? [press(say.newSecret, 'channel-secret')] : [],
    [
      ...(['works', 'untried', 'failing'].includes(state)
        ? [press(say.switchOff, 'channel-switch', `off ${id}`)]
        : []),
      ...(state === 'failing' ? [press(say.tryNow, 'channel-switch', `on ${id}`)] : []),
    ],
    typed ? [press(say.rename, 'channel-rename'), press(say.removeIt, 'channel-remove')] : [],
    [{ label: labels.back, action: 'channels' }],
  ];
  return rows.filter((row) => row.length > 0);
}

/** What can be added here, and what the operator has not set up. */
export function addScreen(ctx: ChatContext): Screen {
  const possible = ctx.deps.channels.all().filter(({ contact, name }) => {
    // A browser is somebody's own; a group has none.
    return contact !== undefined && !(ctx.group && name === 'browser');
  });
  const ready = possible.filter(({ missing }) => missing === null);
  const presses = ready.map(
    ({ title, name }): Choice => ({ label: title, action: 'channel-add', payload: name }),
  );
  const rows: Choice[][] = [];
  for (let i = 0; i < presses.length; i += 3) rows.push(presses.slice(i, i + 3));
  const lacking = possible.filter(({ missing }) => missing !== null);
  return {
    text: say.whichChannel(
      ready.length,
      lacking.map(({ title, missing }) => `${title}: ${missing}`),
    ),
    rows: [...rows, [{ label: labels.back, action: 'channels' }]],
  };
}

/** Topics that this place does not want to be told of; each goes by its button. */
export async function optOutsScreen(ctx: ChatContext): Promise<Screen> {
  const all = await optOutsOf(ctx.deps.world.database.db, [ctx.ownerId]);
  const shown = all.map(({ topic, channel, digest }) => ({
    topic,
    where: channel === '*' ? '' : titleOf(ctx, channel),
    digest,
  }));
  const rows = all.slice(0, 20).map(({ topic, channel }): Choice[] => [
    {
      label: say.optIn(topic, channel === '*' ? '' : titleOf(ctx, channel)),
      action: 'opt-out',
      payload: `in ${channel} ${topic}`,
    },
  ]);
  return {
    text: say.optOutsTitle(shown),
    rows: [
      ...rows,
      [
        { label: say.optOutMore, action: 'opt-out' },
        { label: labels.back, action: 'channels' },
      ],
    ],
  };
}

/** Where a topic shall be left out: everywhere, or only by one of the ways in which this place is told. */
export async function optOutWhereScreen(ctx: ChatContext, topic: string): Promise<Screen> {
  const receivers = await receiversOf(ctx.deps.world.database.db, [ctx.ownerId]);
  const names = [...new Set(receivers.map(({ channel }) => channel))];
  const choice = (label: string, channel: string): Choice => ({
    label,
    action: 'opt-out',
    payload: `out ${channel} ${topic}`,
  });
  const single = names.map((name) => choice(say.onlyBy(titleOf(ctx, name)), name));
  const rows: Choice[][] = [
    [choice(say.everywhere, '*')],
    [{ label: say.onlyDigest, action: 'opt-out', payload: `digest * ${topic}` }],
    ...inPairs(single),
  ];
  return { text: say.askWhere(topic), rows: [...rows, [{ label: labels.back, action: 'opt-outs' }]] };
}

/** The receiver, when it is this place's; whose it is decides who sees it, not who knows its id. */
export async function ownReceiver(ctx: ChatContext, id: string): Promise<Receiver | undefined> {
  const found = await findReceiver(ctx.deps.world.database.db, id);
  return found?.ownerId === ctx.ownerId ? found : undefined;
}

/** What people call the channel; its name where it is not known any more. */
export function titleOf(ctx: ChatContext, channel: string): string {
  return ctx.deps.channels.find(channel)?.title ?? channel;
}
