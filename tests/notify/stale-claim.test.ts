// An address whose claim waited behind another one, while somebody else served it: what that one did stays done.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Alert } from '#core/alert.ts';
import { setTrap } from '#core/failpoint.ts';
import { addSilence } from '#store/silences.ts';
import { beginAttempts } from '../../src/store/deliveries.ts';
import { returnLeases } from '../../src/store/leases.ts';
import { claim } from '../../src/store/waiting.ts';
import { until } from '../harness/until.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(async () => {
  await stage.close();
});

const place = { channel: 'telegram', address: '5' };
const pace = { everyMs: 1, burst: 9 };

/**
 * A message waits at an address. It is claimed by a question that was asked before somebody else served the address, and
 * answered afterwards; `meanwhile` is what came of the message.
 */
async function servedMeanwhile(
  severity: 'warning' | 'critical',
  meanwhile: () => Promise<unknown>,
  before: (alert: Alert, receiverId: string) => Promise<unknown> = async () => {},
  later = 0,
) {
  const { clock, database, work } = stage;
  const { receiverId } = await stage.person(5);
  const alert = await stage.fire('/home', [receiverId], { severity });
  await work.notify(receiverId, clock.now);
  await before(alert, receiverId);
  await work.warm();
  // The row of another address, which is locked first, is held for a moment.
  await database.sql`insert into budgets (channel, address, free_at) values ('telegram', '1', 'epoch')`;
  let free = () => {};
  const freed = new Promise<void>((resolve) => {
    free = resolve;
  });
  let hold = () => {};
  const held = new Promise<void>((resolve) => {
    hold = resolve;
  });
  const holding = database.sql.begin(async (tx) => {
    await tx`select 1 from budgets where address = '1' for update`;
    hold();
    await freed;
  });
  await held;
  const both = [work.deliver('telegram|1', clock.now), work.deliver('telegram|5', clock.now)];
  try {
    await until('the claim waits', async () => {
      const [row] = await database.sql`
        select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      return row;
    });
    const wanted = { most: 9, calmSince: clock.now, now: clock.now, until: clock.now + 30_000 };
    await claim(database.soft, [place], { owner: 11, ...wanted });
    const wish = { address: '5', notificationId: 1, pace, whole: null, now: clock.now + later };
    await beginAttempts(database, 'telegram', [wish]);
    await meanwhile();
    await returnLeases(database.db, [place], 11);
  } finally {
    free();
    await holding;
    await Promise.all(both);
  }
}

async function ended(outcome: 'sent' | 'retry', notBefore: number | null) {
  const { sql } = stage.database;
  await sql`update deliveries set outcome = ${outcome}, ended_at = now()`;
  const iso = notBefore === null ? null : new Date(notBefore).toISOString();
  await sql`update notifications set status = ${outcome}, not_before = ${iso}::timestamptz`;
}

async function silenced() {
  await addSilence(stage.db, {
    id: 'q_1',
    ownerId: 'p_5',
    topic: '**',
    match: [],
    ruleId: null,
    startsAt: stage.clock.now - 1,
    endsAt: stage.clock.now + 60_000,
    by: 'p_5',
    comment: '',
  });
}

it('what was sent is not held, though there is a silence now', async () => {
  await servedMeanwhile('warning', async () => {
    await ended('sent', null);
    await silenced();
  });
  expect(await stage.notifications()).toMatchObject([{ status: 'sent', reason: null }]);
});

it('what was sent is not dropped, and nothing goes elsewhere for it', async () => {
  await servedMeanwhile('critical', async () => {
    await ended('sent', null);
    await stage.receiver('v_6', 'p_5', '6');
    await stage.database.sql`update receivers set disabled = 'blocked' where id = 'v_5'`;
  });
  expect(await stage.notifications()).toMatchObject([{ status: 'sent', reason: null }]);
});

it('what is to be tried again later is not tried at once', async () => {
  const later = stage.clock.now + 20_000;
  await servedMeanwhile('warning', () => ended('retry', later));
  expect(await stage.notifications()).toMatchObject([{ status: 'retry', attempts: 1, notBefore: later }]);
  expect(stage.sent(5)).toEqual([]);
  stage.clock.now = later;
  await stage.settle();
  expect(await stage.notifications()).toMatchObject([{ status: 'sent', attempts: 2 }]);
});

it('what was sent does not wait for what it ends', async () => {
  const { sql } = stage.database;
  await servedMeanwhile(
    'warning',
    () => ended('sent', null),
    async (alert, receiverId) => {
      await stage.ended(alert);
      await sql`insert into notifications (kind, receiver_id, alert_id, alert_rev, severity, status, created_at)
        values ('over', ${receiverId}, ${alert.id}, 2, 'warning', 'ready', now())`;
      await sql`update notifications set status = 'retry', not_before = ${new Date(stage.clock.now + 9000).toISOString()}
        where kind = 'firing'`;
    },
  );
  expect(await stage.notifications()).toMatchObject(
    ['firing', 'over'].map((kind) => ({ kind, status: 'sent', notBefore: null })),
  );
});

it('what the gates were told with the claim does not count, when somebody spoke there meanwhile', async () => {
  const { sql } = stage.database;
  const second = async (alert: Alert, receiverId: string) => {
    await sql`insert into notifications (kind, receiver_id, alert_id, alert_rev, severity, status, created_at)
      values ('worse', ${receiverId}, ${alert.id}, 2, 'warning', 'ready', now())`;
    await sql`update notifications set status = 'retry', not_before = ${new Date(stage.clock.now + 9000).toISOString()}
      where kind = 'firing'`;
  };
  const firstArrived = async () => {
    await sql`update deliveries set outcome = 'sent', ended_at = now()`;
    await sql`update notifications set status = 'sent', not_before = null where kind = 'firing'`;
  };
  await servedMeanwhile('warning', firstArrived, second, 9000);
  expect(await stage.notifications()).toMatchObject([
    { kind: 'firing', status: 'sent' },
    { kind: 'worse', status: 'suppressed', reason: 'repeat' },
  ]);
});

it('what was to be edited as the claim was asked is looked at anew, when somebody spoke there meanwhile', async () => {
  const { sql } = stage.database;
  const acknowledged = async (alert: Alert, receiverId: string) => {
    await stage.settle();
    stage.clock.now += 60_000;
    const by = { is: 'person', personId: 'p_5', name: 'P5', role: 'member' } as const;
    await stage.step(alert, { is: 'acknowledge', by }, [receiverId]);
  };
  const edited = async () => {
    await sql`update copies set shown_rev = wanted_rev`;
    await sql`update budgets set free_at = free_at + interval '1 millisecond' where address = '5'`;
  };
  await servedMeanwhile('warning', edited, acknowledged);
  // Somebody else's edit is not to be seen here, and ours, by what was read before it, is not made.
  expect(stage.sent(5).map(({ text }) => text.includes('Acknowledged'))).toEqual([false]);
});

it('what was decided while the claim waited is sent by whoever claimed', async () => {
  const { clock, database, work } = stage;
  const { receiverId } = await stage.person(5);
  await work.warm();
  await database.sql`insert into budgets (channel, address, free_at) values ('telegram', '5', 'epoch')`;
  let delivering: Promise<void> | undefined;
  await database.sql.begin(async (tx) => {
    await tx`select 1 from budgets where address = '5' for update`;
    delivering = work.deliver('telegram|5', clock.now);
    await until('the claim waits', async () => {
      const [row] = await database.sql`
        select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      return row;
    });
    await stage.fire('/home', [receiverId]);
    await work.notify(receiverId, clock.now);
  });
  await delivering;
  expect(stage.sent(5)).toHaveLength(1);
});

it('a bell for what came after the last look is rung again when the address is given back', async () => {
  const { clock, database, work } = stage;
  const { sql } = database;
  const { receiverId } = await stage.person(5);
  await stage.fire('/home', [receiverId]);
  await work.notify(receiverId, clock.now);
  await sql`update notifications set status = 'sent'`;
  // The message is not there yet for the look with which the address is given back.
  await sql.unsafe(`create function more() returns trigger language plpgsql as $$ begin
    update notifications set status = 'ready' where receiver_id = 'v_5'; return new; end $$`);
  await sql.unsafe(`create trigger more after update on budgets for each row
    when (new.address = '5' and new.lease_owner is null) execute function more()`);
  const rung = vi.spyOn(stage.world, 'ring');
  setTrap((at) => {
    if (at === 'deliver.before_look') setImmediate(() => void work.deliver('telegram|5', clock.now));
  });
  try {
    await work.deliver('telegram|5', clock.now);
  } finally {
    setTrap(undefined);
  }
  expect(await stage.notifications()).toMatchObject([{ status: 'ready' }]);
  expect(rung.mock.calls).toContainEqual([[{ job: 'deliver', id: 'telegram|5' }]]);
});
