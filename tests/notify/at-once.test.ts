// Messages whose claim, turn and intent are in the commit that decides: only what is all that waits, and nothing lost or told
// twice at any point.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Failpoint, setTrap } from '#core/failpoint.ts';
import { notifyWork } from '#notify/worker.ts';
import { pauseUntil } from '#store/budgets.ts';
import { signOfLife } from '#store/leases.ts';
import { claim } from '#store/waiting.ts';
import { until } from '../harness/until.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ patienceMs: 5000 });
  await stage.work.warm();
  // Somebody was spoken to before.
  await stage.database.sql`insert into budgets (channel, address, free_at) values ('telegram', '*', 'epoch')`;
});
afterEach(async () => {
  setTrap(undefined);
  await stage.close();
});

const texts = (chat: number) => stage.sent(chat).map(({ text }) => text);
const statuses = async () => (await stage.notifications()).map(({ status }) => status);
const outcomes = async () => (await stage.deliveries()).map(({ outcome }) => outcome);
const leases = () =>
  stage.database.sql`select address, lease_owner from budgets where lease_owner is not null`;
const notify = (id: string) => stage.work.notify(id, stage.clock.now);
const repeat = /^possible repeat, first try 8:00:00\n/;

/** A trap that strikes once, there. */
function trapAt(place: Failpoint, strike: () => void = () => {}) {
  setTrap((at) => {
    if (at !== place) return;
    setTrap(undefined);
    strike();
    throw new Error(`trapped ${at}`);
  });
}

describe('what is all that waits', () => {
  it('goes out with its decision, to who was never spoken to and to who was, and the address is free again', async () => {
    const { receiverId } = await stage.person(1);
    for (const [i, name] of ['/home', '/var'].entries()) {
      await stage.fire(name, [receiverId]);
      await notify(receiverId);
      expect(await statuses()).toEqual(Array(i + 1).fill('sent'));
      expect(texts(1)).toHaveLength(i + 1);
      expect(await leases()).toEqual([]);
      stage.clock.now += 5000;
    }
    expect(await outcomes()).toEqual(['sent', 'sent']);
    const [row] = await stage.database.sql`select free_at from budgets where address = '1'`;
    expect(Date.parse(String(row!.free_at))).toBeGreaterThan(stage.clock.now - 10_000);
  });

  it('says “over” at once, too', async () => {
    const { receiverId } = await stage.person(1);
    const alert = await stage.fire('/home', [receiverId]);
    await notify(receiverId);
    stage.clock.now += 60_000;
    await stage.ended(alert);
    await notify(receiverId);
    await stage.settle();
    expect(texts(1)).toHaveLength(2);
    expect(texts(1)[1]).toContain('over');
  });

  it('is begun for many in one commit, each with a message of its own', async () => {
    const people = await Promise.all([1, 2, 3, 4, 5].map((id) => stage.person(id)));
    await stage.fire(
      '/home',
      people.map(({ receiverId }) => receiverId),
    );
    await Promise.all(people.map(({ receiverId }) => notify(receiverId)));
    expect(await statuses()).toEqual(Array(5).fill('sent'));
    for (const id of [1, 2, 3, 4, 5]) expect(texts(id)).toHaveLength(1);
  });
});

it('its commit waits for the disk where something begins, and only there', async () => {
  const { sql } = stage.database;
  await sql.unsafe(`create table waits (what text, how text);
    create function note_how() returns trigger language plpgsql as $$ begin
      insert into waits values (tg_table_name || ' ' || new.status, current_setting('synchronous_commit')); return new; end $$;
    create trigger how before update on notifications for each row execute function note_how()`);
  const { receiverId } = await stage.person(1);
  const seen = async () => {
    const rows = await sql`delete from waits returning what, how`;
    return rows.map(({ what, how }) => `${what} ${how}`);
  };
  await stage.fire('/home', [receiverId]);
  await notify(receiverId);
  expect(await seen()).toEqual([
    'notifications ready on',
    'notifications sending on',
    'notifications sent on',
  ]);
  await stage.fire('/var', [receiverId]);
  await stage.fire('/srv', [receiverId]);
  await notify(receiverId);
  expect(await seen()).toEqual(['notifications ready off', 'notifications ready off']);
});

describe('in its turn, as it always was, goes', () => {
  const other = 4711;
  const telegram = (address: string) => ({ channel: 'telegram', address });
  const cases: [string, (receiverId: string) => Promise<unknown>][] = [
    [
      'what is for an address that somebody serves',
      async () => {
        const { now } = stage.clock;
        const looking = { owner: other, most: 9, calmSince: now, now, until: now + 30_000 };
        await claim(stage.db, [telegram('1')], looking);
      },
    ],
    [
      'what is for an address that is paused',
      () => pauseUntil(stage.db, 'telegram', '1', stage.clock.now + 60_000),
    ],
    [
      'what comes while all are paused',
      () => pauseUntil(stage.db, 'telegram', '*', stage.clock.now + 60_000),
    ],
    [
      'what has something beside it that is tried again later',
      async (receiverId) => {
        await stage.fire('/var', [receiverId]);
        await stage.database
          .sql`update notifications set status = 'retry', not_before = ${new Date(stage.clock.now + 60_000).toISOString()}`;
      },
    ],
    [
      'what has something beside it that is decided with it',
      async (receiverId) => void (await stage.fire('/var', [receiverId])),
    ],
    [
      'what has an attempt beside it that is open',
      async () => {
        await stage.database
          .sql`insert into notifications (id, kind, receiver_id, severity, status, created_at)
          values (900, 'note', 'v_gone', 'info', 'sent', now())`;
        await stage.database
          .sql`insert into deliveries (notification_id, attempt, channel, address, outcome, marked, started_at)
          values (900, 1, 'telegram', '1', 'sending', false, now())`;
      },
    ],
    [
      'what another owner is told beside it in the same chat',
      async () => {
        await stage.receiver('v_other', 'p_1x', '1');
        await stage.fire('/var', ['v_other']);
      },
    ],
    [
      'what belongs into a topic of the chat',
      (receiverId) => stage.database.sql`update receivers set topic = 'Disks' where id = ${receiverId}`,
    ],
  ];
  it.each(cases)('%s', async (_what, before) => {
    const { receiverId } = await stage.person(1);
    const alive = signOfLife(stage.database, other);
    await alive.confirm();
    await before(receiverId);
    await stage.fire('/home', [receiverId]);
    await notify(receiverId);
    expect(texts(1)).toEqual([]);
    const [home] = (await stage.notifications()).filter(({ receiverId: id }) => id === receiverId).slice(-1);
    expect(home!.status).toBe('ready');
    const mine = (await stage.deliveries()).filter(({ notificationId }) => notificationId === home!.id);
    expect(mine).toEqual([]);
    await alive.close();
  });

  it.each([
    [
      'what is for an address that somebody claims at the same moment',
      `lease_owner = ${other}, lease_until = $1`,
    ],
    ['what finds its turn taken at the same moment', 'free_at = $1'],
  ])('%s', async (_what, change) => {
    const { receiverId } = await stage.person(1);
    const { sql } = stage.database;
    await sql`insert into budgets (channel, address, free_at) values ('telegram', '1', 'epoch')`;
    await stage.fire('/home', [receiverId]);
    const alive = signOfLife(stage.database, other);
    await alive.confirm();
    let deciding: Promise<void> | undefined;
    const soon = new Date(stage.clock.now + 5_000).toISOString();
    await sql.begin(async (tx) => {
      await tx.unsafe(`update budgets set ${change}::timestamptz where address = '1'`, [soon]);
      deciding = notify(receiverId);
      await until('it has seen the address free, and waits for it', async () => {
        const found =
          await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
        return found.length > 0;
      });
    });
    await deciding;
    expect(await statuses()).toEqual(['ready']);
    expect(await outcomes()).toEqual([]);
    await alive.close();
    await stage.pass(6_000);
    expect(texts(1)).toHaveLength(1);
    expect(texts(1)[0]).not.toMatch(repeat);
  });

  it('what comes when the program ends', async () => {
    const { receiverId } = await stage.person(1);
    const ending = new AbortController();
    const worker = notifyWork({ ...stage.world, ending: ending.signal }, stage.channels, {
      clock: () => stage.clock.now,
    });
    await worker.warm();
    ending.abort();
    await stage.fire('/home', [receiverId]);
    await worker.notify(receiverId, stage.clock.now);
    expect(await statuses()).toEqual(['ready']);
    await worker.close();
  });

  it('what finds the turns of all chats together used up', async () => {
    const ids = Array.from({ length: 30 }, (_, i) => i + 1);
    const people = await Promise.all(ids.map((id) => stage.person(id)));
    const receivers = people.map(({ receiverId }) => receiverId);
    await stage.fire('/home', receivers);
    await stage.settle();
    stage.clock.now += 60_000;
    await stage.fire('/var', receivers);
    for (let i = 0; i < 30; i += 6) await Promise.all(receivers.slice(i, i + 6).map((id) => notify(id)));
    const found = (await statuses()).slice(30);
    expect(new Set(found)).toEqual(new Set(['sent', 'ready']));
    expect(await leases()).toEqual([]);
    await stage.pass(5000, 200);
    expect(await statuses()).toEqual(Array(60).fill('sent'));
    for (const id of ids) expect(texts(id)).toHaveLength(2);
  });
});

describe('a process that ends', () => {
  it('before the commit has begun nothing: another tells it once, unmarked', async () => {
    const { receiverId } = await stage.person(1);
    await stage.fire('/home', [receiverId]);
    trapAt('decide.before_commit');
    await expect(notify(receiverId)).rejects.toThrow('trapped');
    expect(await statuses()).toEqual(['pending']);
    expect(await stage.deliveries()).toEqual([]);
    await stage.settle();
    expect(await leases()).toEqual([]);
    expect(texts(1)).toHaveLength(1);
    expect(texts(1)[0]).not.toMatch(repeat);
  });

  it('after the commit leaves an attempt that is repeated, marked', async () => {
    const { receiverId } = await stage.person(1);
    await stage.fire('/home', [receiverId]);
    const dying = stage.worker();
    await dying.warm();
    trapAt('decide.after_commit');
    await expect(dying.notify(receiverId, stage.clock.now)).rejects.toThrow('trapped');
    expect(await statuses()).toEqual(['sending']);
    expect(texts(1)).toEqual([]);
    // While it lives, nobody takes its address.
    await stage.settle();
    expect(await statuses()).toEqual(['sending']);
    await dying.close();
    stage.clock.now += 2000;
    await stage.settle();
    expect(texts(1)).toEqual([expect.stringMatching(repeat)]);
    expect(await outcomes()).toEqual(['unknown', 'sent']);
  });

  it.each([
    ['before the commit', 1],
    ['between the commit and the first byte', 2],
  ])('or is stopped for a minute %s sends nothing late', async (_when, steady) => {
    const { receiverId } = await stage.person(1);
    await stage.fire('/home', [receiverId]);
    let asked = 0;
    const zombie = notifyWork(stage.world, stage.channels, {
      clock: () => stage.clock.now,
      elapsed: () => (asked++ < steady ? 0 : 60_000),
    });
    await zombie.warm();
    await zombie.notify(receiverId, stage.clock.now);
    expect(texts(1)).toEqual([]);
    expect(await outcomes()).toEqual(['retry']);
    await zombie.close();
    await stage.pass(3000);
    expect(texts(1)).toHaveLength(1);
    expect(texts(1)[0]).not.toMatch(repeat);
  });
});

it('a commit whose answer is lost is known to nobody: what it began comes again, marked, and nothing stays claimed', async () => {
  const { receiverId } = await stage.person(1);
  await stage.fire('/home', [receiverId]);
  const { db } = stage.database;
  const cut = Object.create(db, {
    transaction: {
      value: async (work: Parameters<typeof db.transaction>[0]) => {
        await db.transaction(work);
        throw new Error('the answer was lost');
      },
    },
  });
  const worker = notifyWork({ ...stage.world, database: { ...stage.database, db: cut } }, stage.channels, {
    clock: () => stage.clock.now,
  });
  await worker.warm();
  await expect(worker.notify(receiverId, stage.clock.now)).rejects.toThrow('the answer was lost');
  await worker.close();
  expect(await statuses()).toEqual(['sending']);
  expect(await leases()).toEqual([]);
  expect(texts(1)).toEqual([]);
  await stage.settle();
  expect(texts(1)).toEqual([expect.stringMatching(repeat)]);
});

it('a process stays known to the others until what it is deciding has been sent', async () => {
  const { receiverId } = await stage.person(1);
  await stage.fire('/home', [receiverId]);
  const { sql } = stage.database;
  const worker = stage.worker();
  await worker.warm();
  let letGo = () => {};
  const over = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let isHeld = false;
  const holding = sql.begin(async (tx) => {
    await tx`select 1 from budgets where address = '*' for update`;
    isHeld = true;
    await over;
  });
  try {
    await until('the turns of all are held', () => isHeld);
    const deciding = worker.notify(receiverId, stage.clock.now);
    await until('it waits for them', async () => {
      const found =
        await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
      return found.length > 0;
    });
    const sentAtTheEnd = worker.close().then(() => texts(1).length);
    letGo();
    expect(await sentAtTheEnd).toBe(1);
    await deciding;
  } finally {
    letGo();
    await holding;
  }
});

it('two processes that decide at the same moment tell each chat everything, once and unmarked', async () => {
  const other = stage.worker();
  await other.warm();
  const ids = [1, 2, 3, 4, 5, 6];
  const people = await Promise.all(ids.map((id) => stage.person(id)));
  const receivers = people.map(({ receiverId }) => receiverId);
  const rounds = ['/home', '/var', '/srv'];
  for (const name of rounds) {
    await stage.fire(name, receivers);
    const both = [stage.work, other];
    await Promise.all(receivers.flatMap((id) => both.map((one) => one.notify(id, stage.clock.now))));
    await Promise.all(ids.flatMap((id) => both.map((one) => one.deliver(`telegram|${id}`, stage.clock.now))));
    await stage.settle();
    stage.clock.now += 20_000;
  }
  for (const id of ids) {
    expect(texts(id)).toHaveLength(rounds.length);
    for (const text of texts(id)) expect(text).not.toMatch(repeat);
  }
  expect(await leases()).toEqual([]);
  await other.close();
});
