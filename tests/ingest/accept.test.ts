// Group commit: shared statements, poison that harms nobody else, bounded waiting, and a database that goes away.
import { afterEach, describe, expect, it } from 'vitest';
import { bounds, openAccept } from '#ingest/accept.ts';
import type { EventRow } from '#store/events.ts';
import { type Door, openDoor, testWorld } from './door.ts';
import { layWire } from './wire.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
async function door(wire?: Parameters<typeof openDoor>[0]): Promise<Door> {
  const made = await openDoor(wire);
  open.push(made.close);
  return made;
}

const row = (eventId: string, more: Partial<EventRow> = {}): EventRow => ({
  sourceId: 's_1',
  eventId,
  bodyHash: 'h',
  fingerprint: eventId,
  source: 'tests',
  type: 'disk.usage',
  subject: '',
  time: null,
  severity: null,
  status: null,
  endsAt: null,
  body: '{"data":{},"labels":{}}',
  raw: null,
  receivedAt: 1_777_000_000_000,
  ...more,
});

async function countStatements({ sql }: Door['database']): Promise<() => Promise<number>> {
  await sql.unsafe(`create sequence statements;
    create function counted() returns trigger language plpgsql as $$ begin perform nextval('statements'); return null; end $$;
    create trigger counted after insert on events for each statement execute function counted()`);
  return async () =>
    Number((await sql`select case when is_called then last_value else 0 end as n from statements`)[0]!.n);
}

async function plantPoison({ sql }: Door['database']): Promise<void> {
  await sql.unsafe(`alter table events add constraint poison check (subject <> 'poison')`);
}

describe('group commit', () => {
  it('lets 64 POSTs in flight share a few statements, and answers each with its own number', async () => {
    const { database, post } = await door();
    await post({ type: 'a', id: 'first' });
    const statements = await countStatements(database);
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, i) => post({ type: 'a', id: `e${i}`, subject: `s${i}` })),
    );
    expect(answers.every(({ status }) => status === 202)).toBe(true);
    const rows = await database.sql`select seq, event_id from events`;
    const seqs = new Map(rows.map(({ seq, event_id }) => [event_id, Number(seq)]));
    for (const { json } of answers) expect(json.events[0].seq).toBe(seqs.get(json.events[0].id));
    expect(seqs.size).toBe(65);
    const used = await statements();
    expect(used).toBeGreaterThan(0);
    expect(used).toBeLessThanOrEqual(8);
  });

  it('waits for nothing when nobody else is there', async () => {
    const { database, post } = await door();
    const statements = await countStatements(database);
    for (let i = 0; i < 3; i++) await post({ type: 'a', id: `e${i}` });
    expect(await statements()).toBe(3);
  });

  it('keeps the order of one fingerprint, also across requests of several', async () => {
    const { database, post } = await door();
    const bodies = Array.from({ length: 120 }, (_, i) =>
      i % 3 === 0
        ? [0, 1, 2].map((part) => ({ type: 'a', id: `e${i}-${part}`, fingerprint: `f${part}` }))
        : { type: 'a', id: `e${i}-0`, fingerprint: `f${i % 3}` },
    );
    expect((await Promise.all(bodies.map((body) => post(body)))).every(({ status }) => status === 202)).toBe(
      true,
    );
    const rows = await database.sql`select event_id, fingerprint from events order by seq`;
    for (const fingerprint of ['f0', 'f1', 'f2']) {
      const order = rows
        .filter((one) => one.fingerprint === fingerprint)
        .map((one) => Number(/\d+/.exec(one.event_id)![0]));
      expect(order).toEqual([...order].sort((a, b) => a - b));
      expect(order.length).toBeGreaterThan(30);
    }
  });

  it('settles 40 rivals for one id: one wins, its equals are duplicates, the others are refused', async () => {
    const { database, post } = await door();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => post({ type: 'a', id: 'x', data: { kind: i % 2 } })),
    );
    const [won] = await database.sql`select body from events`;
    const kind = JSON.parse(won!.body).data.kind;
    const by = (status: number) => answers.flatMap((answer, i) => (answer.status === status ? [i % 2] : []));
    expect(by(202)).toEqual(Array(20).fill(kind));
    expect(by(409)).toEqual(Array(20).fill(1 - kind));
    expect(answers.filter(({ json }) => json.accepted === 1)).toHaveLength(1);
  });

  it('tells new from known where several sources use one id', async () => {
    const { database, post } = await door();
    const from = (...sources: string[]) => sources.map((source) => ({ type: 'a', id: 'x', source }));
    const first = await post(from('a', 'c'));
    const again = await post([...from('a', 'b', 'c', 'd'), { type: 'a', id: 'y', source: 'a' }]);
    const mixed = await post([
      { type: 'a', id: 'y', source: 'a' },
      { type: 'a', id: 'z', source: 'a' },
    ]);
    const rows = await database.sql`select seq, source, event_id from events`;
    const seqOf = (source: string, id = 'x') =>
      Number(rows.find((one) => one.source === source && one.event_id === id)!.seq);
    const said = ({ json }: typeof first) =>
      json.events.map(({ seq, duplicate }: { seq: number; duplicate: boolean }) => [seq, duplicate]);
    expect(said(first)).toEqual([
      [seqOf('a'), false],
      [seqOf('c'), false],
    ]);
    expect(said(again)).toEqual([
      [seqOf('a'), true],
      [seqOf('b'), false],
      [seqOf('c'), true],
      [seqOf('d'), false],
      [seqOf('a', 'y'), false],
    ]);
    expect(said(mixed)).toEqual([
      [seqOf('a', 'y'), true],
      [seqOf('a', 'z'), false],
    ]);
  });

  it('puts the sign for half a character where one is, and backslashes stay as they are', async () => {
    const { database } = await door();
    const { take } = openAccept(testWorld(database, []));
    const texts = ['a\ud800b', 'a\\ud800b', '\u{1f525}'];
    await take(texts.map((subject, i) => row(`e${i}`, { subject })));
    const rows = await database.sql`select subject from events order by seq`;
    expect(rows.map(({ subject }) => subject)).toEqual(['a\ufffdb', 'a\\ud800b', '\u{1f525}']);
  });

  it('takes requests of several whole or not at all while they fight over ids', async () => {
    const { database, post } = await door();
    const batch = (i: number) => [
      { type: 'a', id: `own-${i}`, subject: `${i}` },
      { type: 'a', id: `shared-${i % 5}`, data: { by: i } },
    ];
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => post(batch(i))));
    const ids = new Set((await database.sql`select event_id from events`).map((one) => one.event_id));
    answers.forEach(({ status }, i) => {
      expect([i, ids.has(`own-${i}`)]).toEqual([i, status === 202]);
    });
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(25);
  });
});

describe('several processes', () => {
  it('may push the same lists in opposite order at once: all are taken, each event once', async () => {
    const { database } = await door();
    const doors = [openAccept(testWorld(database, [])), openAccept(testWorld(database, []))];
    const lists = Array.from({ length: 12 }, (_, i) => [`a${i}`, `b${i}`, `c${i}`]);
    const answers = await Promise.all(
      doors.flatMap(({ take }, which) =>
        lists.map((ids) => take((which === 0 ? ids : [...ids].reverse()).map((id) => row(id)))),
      ),
    );
    expect(answers.every(({ is }) => is === 'taken')).toBe(true);
    expect(await database.sql`select 1 from events`).toHaveLength(36);
    const fresh = answers
      .flatMap((answer) => (answer.is === 'taken' ? answer.events : []))
      .filter((one) => !one.duplicate);
    expect(fresh).toHaveLength(36);
  });

  it.each(['40001', '40P01', '53300'])(
    'a passing trouble (%s) is tried again and nobody hears of it',
    async (code) => {
      const { database, post } = await door();
      await database.sql.unsafe(`create sequence tries;
      create function trouble() returns trigger language plpgsql as $$ begin
        if nextval('tries') <= 2 then raise exception 'passing' using errcode = '${code}'; end if; return new; end $$;
      create trigger trouble before insert on events for each row execute function trouble()`);
      expect((await post({ type: 'a', id: 'x' })).json).toMatchObject({ accepted: 1 });
    },
  );

  it.each(['53100', '57P01', 'XX000'])(
    'a lasting trouble (%s) is a 503, and nothing is taken',
    async (code) => {
      const { database, post } = await door();
      await database.sql.unsafe(`create function trouble() returns trigger language plpgsql as $$ begin
        raise exception 'lasting' using errcode = '${code}'; end $$;
      create trigger trouble before insert on events for each row execute function trouble()`);
      expect((await post([{ type: 'a' }, { type: 'b' }])).status).toBe(503);
      await database.sql.unsafe('drop trigger trouble on events');
      expect((await post([{ type: 'a' }, { type: 'b' }])).status).toBe(202);
      expect(await database.sql`select 1 from events`).toHaveLength(2);
    },
  );
});

describe('poison', () => {
  it('gets 422 alone; the requests that shared its statement go through', async () => {
    const { database, post } = await door();
    await plantPoison(database);
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        // One fingerprint, so that they wait for each other and share a statement.
        post({
          type: 'a',
          id: `e${i}`,
          fingerprint: 'one',
          subject: i === 7 || i === 19 ? 'poison' : 'fine',
        }),
      ),
    );
    expect(answers.flatMap(({ status }, i) => (status === 422 ? [i] : []))).toEqual([7, 19]);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(28);
    expect(await database.sql`select 1 from events`).toHaveLength(28);
  });

  it('inside a list is named, and nothing of the list is taken', async () => {
    const { database, post } = await door();
    await plantPoison(database);
    const list = ['fine', 'fine', 'poison', 'fine'].map((subject, i) => ({
      type: 'a',
      id: `e${i}`,
      subject,
    }));
    const [answer, other] = await Promise.all([post(list), post({ type: 'a', id: 'other' })]);
    expect(answer).toMatchObject({ status: 422, json: { errors: [{ path: '[2]' }] } });
    expect(other.status).toBe(202);
    expect((await database.sql`select event_id from events`).map((one) => one.event_id)).toEqual(['other']);
  });
});

describe('a full house', () => {
  it('is told to come again, by rows and by bytes, and has room again afterwards', async () => {
    const { database } = await door();
    const { take, close } = openAccept(testWorld(database, []), {
      ...bounds,
      queuedRows: 10,
      queuedBytes: 100_000,
    });
    const many = Array.from({ length: 15 }, (_, i) => take([row(`r${i}`, { fingerprint: 'one' })]));
    const big = take([row('big', { fingerprint: 'one', body: 'x'.repeat(99_900) })]);
    const answers = await Promise.all([...many, big]);
    expect(answers.filter(({ is }) => is === 'taken')).toHaveLength(11);
    expect(answers.filter(({ is }) => is === 'full')).toHaveLength(5);
    expect((await take([row('later')])).is).toBe('taken');
    await close();
    expect((await take([row('too-late')])).is).toBe('away');
  });

  it('answers what is under way before it closes', async () => {
    const { database } = await door();
    const { take, close } = openAccept(testWorld(database, []));
    const many = Array.from({ length: 50 }, (_, i) => take([row(`r${i}`)]));
    await close();
    expect((await Promise.all(many)).every(({ is }) => is === 'taken')).toBe(true);
    expect(await database.sql`select 1 from events`).toHaveLength(50);
  });
});

describe('a database that is not there', () => {
  it('means 503 for everybody, and 202 again when it is back', async () => {
    const wire = layWire();
    open.push(wire.close);
    const { post, get, clock } = await door(wire.connect);
    expect((await post({ type: 'a', id: 'before' })).status).toBe(202);
    await wire.set('cut');
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => post({ type: 'a', id: `e${i}` })));
    for (const answer of answers) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('2');
    }
    clock.now += 10_000;
    expect((await post({ type: 'a' })).status).toBe(503);
    expect((await get('/v1/alerts')).status).toBe(503);
    await wire.set('pass');
    await expect.poll(async () => (await post({ type: 'a', id: 'e0' })).status).toBe(202);
  });

  it('after a lost answer says 503, and the repeat is a duplicate', async () => {
    const wire = layWire();
    open.push(wire.close);
    const { post, database } = await door(wire.connect);
    await post({ type: 'a', id: 'warm' });
    await wire.set('deaf');
    expect((await post({ type: 'a', id: 'x' })).status).toBe(503);
    await wire.set('pass');
    await expect.poll(async () => (await post({ type: 'a', id: 'x' })).status).toBe(202);
    expect((await post({ type: 'a', id: 'x' })).json).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(await database.sql`select 1 from events where event_id = 'x'`).toHaveLength(1);
  });

  it('is not waited for when it says nothing', async () => {
    const wire = layWire();
    open.push(wire.close);
    const { database } = await door(wire.connect);
    expect((await openAccept(testWorld(database, [])).take([row('warm')])).is).toBe('taken');
    const { take } = openAccept(testWorld(database, []), { ...bounds, patienceMs: 300 });
    await wire.set('silent');
    expect(
      (await Promise.all([take([row('a')]), take([row('b')]), take([row('c')])])).map(({ is }) => is),
    ).toEqual(['away', 'away', 'away']);
  });
});
