// Screens about what was sent to a receiver: the last attempts, and one with request and answer.
import { listReceivers } from '#operations/list-receivers.ts';
import { deliveryLog, findDelivery } from '#store/delivery-log.ts';
import { channelScreen } from './channel-screens.ts';
import { type ChatContext, whoOf } from './context.ts';
import { type Html, lines } from './html.ts';
import * as say from './locales/deliveries.ts';
import * as labels from './locales/labels.ts';
import type { Choice, Screen } from './screen.ts';

const perPage = 6;

/** The last attempts at a receiver, newest first; `before` is the last number of the page before. */
export async function deliveriesScreen(ctx: ChatContext, id: string, before?: number): Promise<Screen> {
  const receiver = await mayLook(ctx, id);
  if (!receiver) return channelScreen(ctx, id);
  const { db } = ctx.deps.world.database;
  const older = before === undefined ? {} : { before };
  const found = await deliveryLog(db, { receiverId: id, limit: perPage + 1, ...older });
  const shown = found.slice(0, perPage);
  const opens = shown.map(
    (one, i): Choice => ({ label: String(i + 1), action: 'delivery', payload: `${id} ${one.id}` }),
  );
  const turns: Choice[] = [];
  if (before !== undefined) turns.push({ label: say.newest, action: 'deliveries', payload: id });
  if (found.length > perPage)
    turns.push({ label: labels.earlier, action: 'deliveries', payload: `${id} ${shown.at(-1)!.id}` });
  const back: Choice = { label: labels.back, action: 'channel', payload: id };
  return {
    text: say.deliveriesTitle(receiver.label, shown, ctx.zone, ctx.now),
    rows: [opens, turns, [back]].filter((row) => row.length > 0),
  };
}

/** One attempt: what was asked, what came back, and sending it again. */
export async function deliveryScreen(
  ctx: ChatContext,
  id: string,
  number: number,
  above?: Html,
): Promise<Screen> {
  const receiver = await mayLook(ctx, id);
  if (!receiver) return channelScreen(ctx, id);
  const back: Choice = { label: labels.back, action: 'deliveries', payload: id };
  const one = await findDelivery(ctx.deps.world.database.db, number);
  if (one?.receiverId !== id) return { text: say.noDelivery(), rows: [[back]] };
  const machine = ctx.deps.channels.find(receiver.channel)?.everyChange === true;
  const again: Choice[] =
    one.status === 'dead'
      ? [{ label: say.tryAgain, action: 'delivery-again', payload: `retry ${id} ${number}` }]
      : machine && one.status === 'sent'
        ? [{ label: say.sendAgain, action: 'delivery-again', payload: `send ${id} ${number}` }]
        : [];
  const rows: Choice[][] = [...(again.length > 0 ? [again] : []), [back]];
  return { text: lines(above, say.deliveryDetail(one, ctx.zone, ctx.now)), rows };
}

/** In a group only its admins see what was sent; the receiver, when it is this place's. */
async function mayLook(ctx: ChatContext, id: string) {
  const listed = await listReceivers(ctx.deps.world, whoOf(ctx).actor, { ownerId: ctx.ownerId });
  return listed.ok ? listed.receivers.find((one) => one.id === id) : undefined;
}
