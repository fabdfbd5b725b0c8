// What becomes of one receiver's notifications, by the plan that the gates make of them.
import type { Doorbell } from '#core/doorbell.ts';
import type { Notification } from '#core/notification.ts';
import { compareSeverity } from '#core/severity.ts';
import type { World } from '#operations/world.ts';
import type { Tx } from '#store/connection.ts';
import { hearOf } from '#store/copies.ts';
import { addForwarded } from '#store/elsewhere.ts';
import { type Fate, setSeverity } from '#store/fates.ts';
import { addSummary } from '#store/owed.ts';
import { receiversOf } from '#store/receivers.ts';
import { factsOf, type Ground } from './facts.ts';
import { fallBack } from './fall-back.ts';
import { type Sky, storm } from './keep-board.ts';
import { type Plan, plan } from './plan.ts';

/** Whether messages of this channel can be edited. */
export type CanEdit = (channel: string) => boolean;

/** `of`: the receiver for whom something is to be sent. */
export type Rung = Doorbell & { of?: string };

/**
 * Decides, and writes what has to be written besides the fates. `plain`: nothing had to be, and nobody else hears of it.
 */
export async function decideFor(
  tx: Tx,
  world: World,
  receiverId: string,
  sky: Sky,
  undecided: Notification[],
  canEdit: CanEdit,
  now: number,
): Promise<{ fates: Fate[]; bells: Rung[]; plain: boolean }> {
  const { ground, known } = sky;
  const decided = plan(undecided, (notification) => factsOf(ground, known, notification), now);
  for (const { id, severity } of decided.raised) {
    const before = undecided.find((notification) => notification.id === id)?.severity;
    if (!before || compareSeverity(severity, before) > 0) await setSeverity(tx, id, severity);
  }
  const viaId = await summarise(tx, decided, receiverId, now);
  const bells: Rung[] = await forward(tx, ground, undecided, decided, now);
  bells.push(...(await elsewhere(tx, ground, undecided, decided, now)));
  const edits = ground.receiver !== undefined && canEdit(ground.receiver.channel);
  const board = edits ? await storm(tx, world, sky, undecided, decided, now) : undefined;
  const fates = decided.decisions.map((decision) => {
    const shownBy = board?.onBoard.get(decision.id);
    return shownBy === undefined ? fateOf(decision, viaId) : onBoard(decision.id, shownBy);
  });
  if (viaId !== null && ground.receiver) {
    const { channel, address } = ground.receiver;
    const alerts = decided.summarised.flatMap(({ alertId }) => {
      const alert = known.alerts.get(alertId ?? '');
      return alert ? [{ id: alert.id, rev: alert.rev }] : [];
    });
    await hearOf(tx, { receiverId, channel, address }, alerts, now);
  }
  const sends = viaId !== null || board?.sends === true || fates.some(({ status }) => status === 'ready');
  if (sends && ground.receiver)
    bells.unshift({
      job: 'deliver',
      id: `${ground.receiver.channel}|${ground.receiver.address}`,
      of: receiverId,
    });
  const plain = bells.length === (sends ? 1 : 0) && viaId === null && decided.raised.length === 0;
  bells.push(...(board?.bells ?? []));
  const calm = !board || (board.onBoard.size === 0 && !board.sends && board.bells.length === 0);
  return { fates, bells, plain: plain && calm };
}

/** What somebody who is away is not told goes to the person they named. */
async function forward(
  tx: Tx,
  { settings: { away } }: Ground,
  undecided: Notification[],
  { decisions }: Plan,
  now: number,
): Promise<Doorbell[]> {
  if (!away?.delegate) return [];
  const dropped = new Set(
    decisions.filter(({ verdict }) => verdict.is === 'drop' && verdict.reason === 'away').map(({ id }) => id),
  );
  const news = undecided.filter(({ id }) => dropped.has(id));
  const receivers = (await receiversOf(tx, [away.delegate])).filter(({ disabled }) => disabled === null);
  if (news.length === 0) return [];
  await addForwarded(
    tx,
    news,
    receivers.map(({ id }) => id),
    now,
  );
  return receivers.map(({ id }) => ({ job: 'notify', id }));
}

/** What is critical and meant for a receiver that is switched off goes to its owner's next one. */
async function elsewhere(
  tx: Tx,
  { receiver, ownerLeft }: Ground,
  undecided: Notification[],
  { decisions }: Plan,
  now: number,
): Promise<Doorbell[]> {
  if (!receiver || receiver.disabled === null || ownerLeft) return [];
  const dropped = new Set(
    decisions
      .filter(({ verdict }) => verdict.is === 'drop' && verdict.reason === 'not-at-home')
      .map(({ id }) => id),
  );
  const bells: Doorbell[] = [];
  for (const one of undecided)
    if (dropped.has(one.id)) bells.push(...(await fallBack(tx, one, receiver, now)));
  return bells;
}

async function summarise(tx: Tx, decided: Plan, receiverId: string, now: number): Promise<number | null> {
  if (decided.summarised.length === 0) return null;
  const ids = decided.summarised.map(({ id }) => id);
  return addSummary(tx, receiverId, ids, decided.severity, decided.why, now);
}

function onBoard(id: number, viaId: number): Fate {
  const detail = 'So much came at once that it stands on one board.';
  return { id, status: 'suppressed', reason: 'storm', detail, viaId };
}

function fateOf({ id, verdict }: Plan['decisions'][number], viaId: number | null): Fate {
  switch (verdict.is) {
    case 'send':
      return { id, status: 'ready' };
    case 'hold':
      return { id, status: 'held', reason: verdict.reason, detail: verdict.text, notBefore: verdict.until };
    case 'drop':
      return {
        id,
        status: 'suppressed',
        reason: verdict.reason,
        detail: verdict.text,
        viaId: verdict.reason === 'in-summary' ? viaId : null,
      };
  }
}
