// What somebody saw of an alert a moment ago is written upon at once, as long as it is still so.
import type { Alert, Signal } from '#core/alert.ts';
import { stepAlert } from '#core/alert-life.ts';
import { failpoint } from '#core/failpoint.ts';
import type { Json } from '#core/json.ts';
import type { Outcome } from '#core/outcome.ts';
import { type AlertChange, isPlain } from '#store/alert-change.ts';
import { commitLast } from '#store/alerts.ts';
import { holdAsSeen, isOutdated, type Seen } from '#store/alerts-held.ts';
import { latest } from '#store/gathered.ts';
import type { Person } from '#store/people.ts';
import { refusalFor } from './may.ts';
import type { World } from './world.ts';
import { type Wish, writeAll } from './write.ts';

/** What is sent to an alert, and what the audit trail keeps of it. */
export interface Sent {
  signal: Signal;
  detail?: Json;
}

/** Which alert. */
export interface AlertNamed {
  alertId: string;
  /** It as it was a moment ago, and who wants something of it: where that still holds, nothing is read again. */
  seen?: { by: Pick<Person, 'id' | 'role' | 'leftAt'>; it: Seen } | undefined;
}

interface Wanted extends Wish, AlertNamed {
  /** A function asks the ledger. */
  signalFor: Sent | ((...asked: never[]) => unknown);
  now: number;
}

export interface BySight<W extends Wanted> {
  wish: W;
  seen: NonNullable<AlertNamed['seen']>;
  change: AlertChange;
  detail: Json;
}

/** What it would do, for whoever may, to what lets it be done, where nobody but a machine is told of it. */
export function bySight<W extends Wanted>(wish: W): BySight<W> | undefined {
  const { actor, seen, signalFor } = wish;
  if (!seen || typeof signalFor === 'function' || seen.it.alert.id !== wish.alertId) return undefined;
  const { by, it } = seen;
  if (actor.is !== 'person' || by.id !== actor.personId || by.leftAt !== null) return undefined;
  if (refusalFor({ ...actor, role: by.role }, 'act', it.alert.ownerId)) return undefined;
  const step = stepAlert(it.alert, signalFor.signal, wish.now);
  const change = step && { step, receivers: it.rule?.to ?? [], rule: it.rule };
  return change && isPlain(change) ? { wish, seen, change, detail: signalFor.detail ?? null } : undefined;
}

/** In one write, each alert once: they are locked as they were seen, or nothing is done and the answer is undefined. */
export async function writeAsSeen(
  world: World,
  asked: BySight<Wanted>[],
): Promise<Outcome<{ alert: Alert }>[] | undefined> {
  const wishes = asked.map(({ wish }) => wish);
  const now = latest(wishes);
  const done = asked.map(({ change, detail }) => {
    const { alert } = change.step;
    return { ok: true, result: { alert }, target: alert.id, detail } as const;
  });
  const changes = asked.map(({ change }) => change);
  const seen = asked.map(({ seen: { it, by } }) => ({ ...it, personId: by.id, role: by.role }));
  try {
    const outcomes = await writeAll<{ alert: Alert }>(world, wishes, now, async (tx) => {
      const last = commitLast(tx, changes, now)!;
      failpoint('sight.before_commit');
      return {
        done,
        last: {
          statements: [holdAsSeen(tx, seen), ...last.statements],
          rings: ([, ...answers]) => last.rings(answers),
        },
      };
    });
    failpoint('sight.after_commit');
    return outcomes.map((outcome) => outcome!);
  } catch (error) {
    if (!isOutdated(error)) throw error;
    return undefined;
  }
}
