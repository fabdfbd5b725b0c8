// The job `notify`: passes a receiver's undecided notifications through the gates and writes what became of them.

import type { Doorbell } from '#core/doorbell.ts';
import { failpoint } from '#core/failpoint.ts';
import type { Notification } from '#core/notification.ts';
import { compareSeverity } from '#core/severity.ts';
import type { World } from '#operations/world.ts';
import type { Tx } from '#store/connection.ts';
import { hearOf } from '#store/copies.ts';
import { addForwarded } from '#store/elsewhere.ts';
import { addSummary, type Fate, setSeverity, settle, undecidedOf } from '#store/notifications.ts';
import { receiversOf } from '#store/receivers.ts';
import { factsOf, type Ground, groundOf, knownOf } from './facts.ts';
import { fallBack } from './fall-back.ts';
import { storm } from './keep-board.ts';
import { type Plan, plan } from './plan.ts';

/** Enough for a whole night with a storm in it, so that its end is one summary. */
const batch = 12_000;

/** Decides about everything that waits for this receiver; nothing is left for `now`. */
export async function decide(
  world: World,
  receiverId: string,
  canEdit: (channel: string) => boolean,
  now: number,
): Promise<void> {
  for (let more = true, again = false; more; again = true) {
    const look = again;
    // What a crash undoes is decided again; the intent to send waits for the disk, and for this with it.
    const done = await world.database.soft.transaction((tx) =>
      decideBatch(tx, world, receiverId, { again: look, canEdit }, now),
    );
    if (done.count > 0) failpoint('decide.after_commit');
    world.ring(done.bells);
    more = done.count === batch;
  }
}

async function decideBatch(
  tx: Tx,
  world: World,
  receiverId: string,
  { again, canEdit }: { again: boolean; canEdit: (channel: string) => boolean },
  now: number,
): Promise<{ count: number; bells: Doorbell[] }> {
  const ground = await groundOf(tx, world, receiverId, now);
  const undecided = await undecidedOf(
    tx,
    receiverId,
    { quietEnd: ground.quietEnd, silenceEnds: ground.silences.map(({ endsAt }) => endsAt), again },
    now,
    batch,
  );
  if (undecided.length === 0) return { count: 0, bells: [] };
  const known = await knownOf(tx, receiverId, undecided);
  const decided = plan(undecided, (notification) => factsOf(ground, known, notification), now);
  for (const { id, severity } of decided.raised) {
    const before = undecided.find((notification) => notification.id === id)?.severity;
    if (!before || compareSeverity(severity, before) > 0) await setSeverity(tx, id, severity);
  }
  const viaId = await summarise(tx, decided, receiverId, now);
  const forwarded = await forward(tx, ground, undecided, decided, now);
  forwarded.push(...(await elsewhere(tx, ground, undecided, decided, now)));
  const edits = ground.receiver !== undefined && canEdit(ground.receiver.channel);
  const board = edits ? await storm(tx, world, ground, known, undecided, decided, now) : undefined;
  const fates = decided.decisions.map((decision) => {
    const shownBy = board?.onBoard.get(decision.id);
    return shownBy === undefined ? fateOf(decision, viaId) : onBoard(decision.id, shownBy);
  });
  await settle(tx, fates, now);
  if (viaId !== null && ground.receiver) {
    const { channel, address } = ground.receiver;
    const alerts = decided.summarised.flatMap(({ alertId }) => {
      const alert = known.alerts.get(alertId ?? '');
      return alert ? [{ id: alert.id, rev: alert.rev }] : [];
    });
    await hearOf(tx, { receiverId, channel, address }, alerts, now);
  }
  for (const { status, reason } of fates)
    world.meter.count('notifications_decided', { status, reason: reason ?? 'none' });
  const sends = viaId !== null || board?.sends === true || fates.some(({ status }) => status === 'ready');
  const bells: Doorbell[] =
    sends && ground.receiver
      ? [{ job: 'deliver', id: `${ground.receiver.channel}|${ground.receiver.address}` }]
      : [];
  failpoint('decide.before_commit');
  return { count: undecided.length, bells: [...bells, ...forwarded, ...(board?.bells ?? [])] };
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
