// The live stream over a real socket: nothing is missed or told twice, nobody sees what is not theirs, nobody holds up others.
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseCursor, printCursor } from '#core/stream-cursor.ts';
import { revokeKey } from '#operations/revoke-key.ts';
import type { EventReader, Heard } from '../harness/event-source.ts';
import { until } from '../harness/until.ts';
import { openStage, operator, type Stage } from './stage.ts';

let stage: Stage;
let open: EventReader[] = [];
beforeAll(async () => {
  stage = await openStage({ beatMs: 300 });
});
afterEach(() => {
  for (const reader of open) reader.close();
  open = [];
});
afterAll(() => stage.close());

const follows = async (given?: Parameters<Stage['follows']>[0]) => {
  const reader = await stage.follows(given);
  open.push(reader);
  return reader;
};
const ready = (reader: EventReader) =>
  until('the stream is ready', () => reader.heard.some(({ event }) => event === 'ready'));
const changes = (heard: Heard[]) => heard.filter(({ event }) => event === 'transition');
const nameOf = ({ data }: Heard) => `${data.alertId}/${data.rev}`;

describe('what is sent', () => {
  it('first what burns, then every change at its commit, unbuffered and with a place', async () => {
    const burning = stage.fires({ subject: '/burning' });
    await stage.commits([burning]);
    const reader = await follows();
    await ready(reader);
    expect(reader.status).toBe(200);
    expect(reader.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'transfer-encoding': 'chunked',
    });
    const first = reader.heard.filter(({ event }) => event === 'alert');
    expect(first.map(({ data }) => data)).toContainEqual(
      expect.objectContaining({
        id: burning.alert.id,
        status: 'firing',
        subject: '/burning',
        since: '2026-05-04T12:00:00.000Z',
      }),
    );
    const over = stage.resolves(burning.alert);
    await stage.commits([over]);
    const [told] = await until('the change arrives', () =>
      changes(reader.heard).length > 0 ? changes(reader.heard) : undefined,
    );
    expect(told!.data).toMatchObject({
      alertId: burning.alert.id,
      change: 'resolved',
      from: 'firing',
      to: 'resolved',
      at: '2026-05-04T12:00:00.000Z',
      by: 'operator',
      reading: { text: '93, limit 90' },
      alert: { topic: 'disk.usage', subject: '/burning', title: 'Disk nearly full', severity: 'warning' },
    });
    expect(parseCursor(told!.id)).toBeDefined();
    await until('the line is kept open', () => reader.comments() > 2);
  });

  it('hears of a commit while the bell is silent, too', async () => {
    const deaf = await openStage();
    try {
      const reader = await deaf.follows();
      await ready(reader);
      await deaf.database.sql`select pg_terminate_backend(pid) from pg_stat_activity
        where query like 'listen %' and datname = current_database()`;
      await deaf.commits([deaf.fires()]);
      await until('the change arrives', () => changes(reader.heard).length === 1);
    } finally {
      await deaf.close();
    }
  });

  it('begins without what burns when asked, and only with the wanted topics', async () => {
    const reader = await follows({ query: '?alerts=no&topic=net.**' });
    await ready(reader);
    await stage.commits([stage.fires({ topic: 'disk.usage' })]);
    await stage.commits([stage.fires({ topic: 'net.loss' })]);
    await until('the change arrives', () => changes(reader.heard).length > 0);
    expect(reader.heard.map(({ event, data }) => [event, data.alert?.topic])).toEqual([
      ['ready', undefined],
      ['transition', 'net.loss'],
    ]);
  });
});

describe('coming back', () => {
  it('misses nothing that was written first and committed last', async () => {
    const reader = await follows({ query: '?alerts=no' });
    await ready(reader);
    let finish!: () => void;
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const [early, late] = [stage.fires(), stage.fires()];
    let written = false;
    const slow = stage.commits([early], () => {
      written = true;
      return held;
    });
    await until('the first is written', () => written);
    await stage.commits([late]);
    await until('the second arrives', () => changes(reader.heard).length === 1);
    reader.close();
    finish();
    await slow;
    const again = await follows({ after: reader.lastId() });
    await until('the first arrives', () => changes(again.heard).length === 1);
    expect(changes(again.heard).map(nameOf)).toEqual([`${early.alert.id}/1`]);
  });

  it('two writers that commit in any order and a reader that breaks off anywhere: each change once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ writer: fc.nat(1), holds: fc.nat(2), alert: fc.nat(3) }), {
          minLength: 4,
          maxLength: 14,
        }),
        fc.array(fc.nat(4), { maxLength: 5 }),
        async (plan, breaks) => {
          const heard: Heard[] = [];
          let reader = await follows({ query: '?alerts=no' });
          await ready(reader);
          const told: string[] = [];
          const known = new Map<number, ReturnType<Stage['fires']>>();
          const gates: (() => void)[] = [];
          const running: Promise<unknown>[] = [];
          const busy = new Set<number>();
          const settle = async () => {
            for (const gate of gates.splice(0)) gate();
            await Promise.all(running.splice(0));
            busy.clear();
          };
          const cuts = [...breaks];
          let place = reader.lastId();
          for (const { holds, alert } of plan) {
            // The same alert is changed by one transaction at a time: the row is locked until its commit.
            if (busy.has(alert) || running.length >= 4) await settle();
            const before = known.get(alert);
            const step =
              before && before.alert.status !== 'resolved' ? stage.resolves(before.alert) : stage.fires();
            known.set(alert, step);
            told.push(`${step.alert.id}/${step.alert.rev}`);
            busy.add(alert);
            const held = holds === 0 ? Promise.resolve() : new Promise<void>((go) => gates.push(go));
            const written = new Promise<void>((resolve) => {
              running.push(
                stage.commits([step], () => {
                  resolve();
                  return held;
                }),
              );
            });
            await written;
            if (holds === 2) gates.shift()?.();
            const cut = cuts.shift();
            if (cut === undefined) continue;
            // Anywhere: before anything arrived, or behind so many changes, if there were as many.
            await new Promise((resolve) => setTimeout(resolve, cut * 10));
            reader.close();
            await reader.ended;
            heard.push(...changes(reader.heard));
            place = reader.lastId() || place;
            reader = await follows({ after: place });
          }
          await settle();
          await until('all arrive', () => heard.length + changes(reader.heard).length >= told.length);
          reader.close();
          await reader.ended;
          heard.push(...changes(reader.heard));
          const names = heard.map(nameOf);
          expect([...names].sort()).toEqual([...told].sort());
          for (const [i, { data }] of heard.entries())
            for (const later of heard.slice(i + 1))
              if (later.data.alertId === data.alertId) expect(later.data.rev).toBeGreaterThan(data.rev);
        },
      ),
      { numRuns: 12 },
    );
  }, 120_000);

  it('page by page when there is much, and from the middle of a page', async () => {
    const own = await openStage({ page: 7 });
    try {
      const reader = await own.follows();
      await ready(reader);
      reader.close();
      await reader.ended;
      const steps = Array.from({ length: 40 }, () => own.fires());
      await own.commits(steps.slice(0, 20));
      await own.commits(steps.slice(20));
      const all: string[] = [];
      let after = reader.lastId();
      for (const stop of [3, 10, 1, 16, 10]) {
        const next = await own.follows({ after });
        await until('some arrive', () => changes(next.heard).length >= stop);
        next.close();
        const part = changes(next.heard).slice(0, stop);
        all.push(...part.map(nameOf));
        after = part.at(-1)!.id;
      }
      expect(all).toEqual(steps.map(({ alert }) => `${alert.id}/1`));
    } finally {
      await own.close();
    }
  });

  it('says what it cannot tell any more, and begins again with what burns', async () => {
    const reader = await follows({ query: '?alerts=no' });
    await ready(reader);
    const place = parseCursor(reader.lastId())!;
    const old = printCursor({ ...place, at: place.at - 31 * 86_400_000 });
    const future = printCursor({ ...place, seen: '9000000000:9000000000:' });
    for (const after of [old, future, 'nonsense', `${'9'.repeat(300)}`, 'x.1:0:']) {
      const back = await follows({ after });
      await ready(back);
      expect(back.heard[0], after).toMatchObject({
        event: 'gap',
        data: { why: expect.stringMatching(/gone|missing/) },
      });
      expect(back.heard.some(({ event }) => event === 'alert')).toBe(true);
    }
  });
});

describe('who sees what', () => {
  it('a key sees its topics only', async () => {
    const { key } = await stage.keyFor(['disk.**']);
    const reader = await follows({ with: key });
    await ready(reader);
    await stage.commits([stage.fires({ topic: 'money.lost' })]);
    await stage.commits([stage.fires({ topic: 'disk.usage' })]);
    await until('the change arrives', () => changes(reader.heard).length > 0);
    const place = reader.lastId();
    expect(new Set(reader.heard.map(({ data }) => data.alert?.topic ?? data.topic))).toEqual(
      new Set(['disk.usage', undefined]),
    );
    await stage.commits([stage.fires({ topic: 'money.lost' }), stage.fires({ topic: 'disk.usage' })]);
    const back = await follows({ with: key, after: place });
    await until('the change arrives', () => changes(back.heard).length > 0);
    expect(changes(back.heard).map(({ data }) => data.alert.topic)).toEqual(['disk.usage']);
  });

  it('nobody without a key that reads; none in the address', async () => {
    const pushing = await stage.keyFor(['**'], ['ingest']);
    const tries: [Parameters<Stage['follows']>[0], number][] = [
      [{ with: '' }, 401],
      [{ with: 'tk_nobody_knows_this_one' }, 401],
      [{ with: pushing.key }, 403],
      [{ with: '', query: `?key=${stage.key}` }, 401],
      [{ with: '', query: '?ticket=guessed' }, 401],
      [{ query: '?topic=..' }, 400],
    ];
    for (const [given, status] of tries) {
      const reader = await follows(given);
      await reader.ended;
      expect([reader.status, reader.headers['content-type']]).toEqual([status, 'application/problem+json']);
    }
  });

  it('a stream ends soon after its key was revoked', async () => {
    const { id, key } = await stage.keyFor();
    const reader = await follows({ with: key });
    await ready(reader);
    await revokeKey(stage.world, operator, { keyId: id }, stage.clock.now);
    expect(await reader.ended).toBe('ended');
  });
});

describe('many, slow, and at the end', () => {
  it('a reader that takes nothing is cut off, the others are served, and it can come back to every change', async () => {
    const own = await openStage({ bufferBytes: 20_000, stalledMs: 1_000 });
    try {
      const [slow, quick] = [await own.follows(), await own.follows()];
      await Promise.all([ready(slow), ready(quick)]);
      slow.pause();
      const place = slow.lastId();
      const many = async (n: number) => own.commits(Array.from({ length: n }, () => own.fires()));
      let sent = 0;
      await until(
        'the slow one is cut off',
        async () => {
          await many(400);
          sent += 400;
          return own.live.size() === 1;
        },
        60_000,
      );
      await until('the quick one has all', () => changes(quick.heard).length === sent, 60_000);
      const back = await own.follows({ after: place });
      await until('everything arrives', () => changes(back.heard).length === sent, 60_000);
      expect(new Set(changes(back.heard).map(nameOf)).size).toBe(sent);
    } finally {
      await own.close();
    }
  }, 120_000);

  it('takes so many in all and of each key, and no more', async () => {
    const own = await openStage({ most: 3, mostEach: 2 });
    try {
      const other = (await own.keyFor()).key;
      const tries = [];
      for (const given of [{}, {}, {}, { with: other }, { with: other }])
        tries.push((await own.follows(given)).status);
      expect(tries).toEqual([200, 200, 503, 200, 503]);
      expect(own.live.size()).toBe(3);
    } finally {
      await own.close();
    }
  });

  it('ends in good order when the program stops, and holds nothing up', async () => {
    const own = await openStage();
    const readers = await Promise.all([1, 2, 3].map(() => own.follows()));
    await Promise.all(readers.map(ready));
    await own.live.close();
    expect(await Promise.all(readers.map(({ ended }) => ended))).toEqual(['ended', 'ended', 'ended']);
    expect((await own.follows()).status).toBe(503);
    await own.close();
  });

  it('asks nothing of the ledger when nobody reads, and forgets who went', async () => {
    const own = await openStage();
    try {
      const reader = await own.follows();
      await ready(reader);
      reader.close();
      await until('it is forgotten', () => own.live.size() === 0);
      const head = await fetch(`${own.url}/v1/stream`, {
        method: 'HEAD',
        headers: { authorization: `Bearer ${own.key}` },
      });
      expect([head.status, own.live.size()]).toEqual([200, 0]);
    } finally {
      await own.close();
    }
  });

  it('a ledger that was restored on another server tells nothing old as new', async () => {
    const own = await openStage();
    try {
      await own.commits([own.fires(), own.fires()]);
      await own.database.sql`update transitions set xid = '99999999'`;
      const reader = await own.follows({ query: '?alerts=no' });
      await ready(reader);
      await own.commits([own.fires()]);
      await until('the new one arrives', () => changes(reader.heard).length > 0);
      expect(changes(reader.heard)).toHaveLength(1);
      const [row] = await own.database.sql`select count(*)::int as n from transitions where xid = '99999999'`;
      expect(row!.n).toBe(0);
    } finally {
      await own.close();
    }
  });
});
