// Storms: what goes on the board is decided purely; the ledger and the emulator show one message, edited, and one end.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sharedPattern } from '../../src/chat/buttons/board-deeds.ts';
import type { Notification } from '../../src/core/notification.ts';
import { foldStorm, stormAt } from '../../src/notify/storm.ts';
import { acknowledgeMany } from '../../src/operations/acknowledge-many.ts';
import { boards } from '../../src/store/schema/boards.ts';
import { openStage, seen, unmet } from './stage.ts';

const calm = { most: stormAt, recent: 0, recentCritical: 0, open: false };
const send = (id: number) => ({ id, verdict: { is: 'send' as const } });
const some = (count: number, given: Partial<Notification> = {}) =>
  Array.from(
    { length: count },
    (_, id) => ({ id, kind: 'firing', severity: 'warning', ...given }) as Notification,
  );

describe('what goes on the board', () => {
  it('is nothing as long as there are few in a minute, all when there are more, and all while a board stands', () => {
    const few = some(stormAt);
    expect(
      foldStorm(
        few,
        few.map(({ id }) => send(id)),
        calm,
      ).size,
    ).toBe(0);
    expect(
      foldStorm(
        few,
        few.map(({ id }) => send(id)),
        { ...calm, recent: 1 },
      ).size,
    ).toBe(stormAt);
    expect(
      foldStorm(
        some(99),
        some(99).map(({ id }) => send(id)),
        { ...calm, most: 0 },
      ).size,
    ).toBe(0);
    const one = some(1);
    expect(foldStorm(one, [send(0)], { ...calm, open: true }).size).toBe(1);
  });

  it('never is what a gate objected to, a note, or a handful of critical ones', () => {
    const mixed = [
      ...some(30),
      ...some(2, { severity: 'critical' }).map((one, i) => ({ ...one, id: 100 + i })),
    ];
    const decisions = mixed.map(({ id }) => send(id));
    const folded = foldStorm(mixed, decisions, calm);
    expect(folded.size).toBe(30);
    expect(folded.has(100)).toBe(false);
    expect(foldStorm(mixed, decisions, { ...calm, recentCritical: 5 }).size).toBe(32);
    const allCritical = some(30, { severity: 'critical' });
    expect(
      foldStorm(
        allCritical,
        allCritical.map(({ id }) => send(id)),
        calm,
      ).size,
    ).toBe(30);
    const notes = some(30, { kind: 'note' });
    expect(
      foldStorm(
        notes,
        notes.map(({ id }) => send(id)),
        calm,
      ).size,
    ).toBe(0);
    expect(foldStorm(some(30), [], calm).size).toBe(0);
  });

  it('is muted by the least pattern that covers its topics', () => {
    expect(sharedPattern(['a.b'])).toBe('a.b');
    expect(sharedPattern(['a.b.c', 'a.b.d', 'a.b'])).toBe('a.b.**');
    expect(sharedPattern(['a.b', 'c'])).toBe('**');
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'a.b', 'a.b.c', 'b'), { minLength: 1 }), (topics) => {
        const pattern = sharedPattern(topics);
        if (!pattern.endsWith('**')) expect(new Set(topics).size).toBe(1);
      }),
    );
  });
});

describe('a storm in a chat', () => {
  let stage: Awaited<ReturnType<typeof openStage>>;
  let receiver: string;
  beforeEach(async () => {
    stage = await openStage({ now: Date.UTC(2026, 5, 10, 10) });
    receiver = (await stage.person(1)).receiverId;
  });
  afterEach(() => stage.close());
  const messages = () => stage.sent(1).filter(({ deleted }) => !deleted);
  const fireMany = async (count: number, from = 0) => {
    const born = [];
    for (let i = from; i < from + count; i++) born.push(await stage.fire(`/disk${i}`, [receiver]));
    return born;
  };

  it('is one message that is edited and one line at its end, and everybody hears that it is over', async () => {
    const born = await fireMany(60);
    await stage.settle();
    await stage.pass(5000);
    expect(messages()).toHaveLength(1);
    expect(messages()[0]!.text).toMatch(/^🟠 60 alerts in \S+ s from disk\.usage\n60 burning\./);
    expect(messages()[0]!.text).toMatch(/The worst/);
    born.push(...(await fireMany(40, 60)));
    await stage.settle();
    await stage.pass(5000);
    expect(messages()).toHaveLength(1);
    expect(messages()[0]!.text).toMatch(/^🟠 100 alerts/);
    for (const alert of born.slice(0, 70)) await stage.step(alert, unmet(), [receiver]);
    await stage.settle();
    await stage.pass(5000);
    expect(messages()[0]!.text).toMatch(/30 burning, 70 over\./);
    await stage.pass(70_000, 5000);
    expect(messages()).toHaveLength(2);
    expect(messages()[0]!.text).toMatch(/It has calmed down/);
    expect(messages()[1]!.text).toMatch(/The storm is over: 100 alerts in .*, 30 still burn/);
    for (const alert of born.slice(70)) await stage.step(alert, unmet(), [receiver]);
    await stage.settle();
    await stage.pass(80_000, 5000);
    expect((await stage.copies()).filter(({ overAt }) => overAt === null)).toEqual([]);
    expect(messages()[0]!.text).not.toMatch(/Acknowledge all/);
    // They end where they were told.
    expect(messages()[0]!.text).toMatch(/^✅ 100 alerts[^\n]*\n0 burning, 100 over\./);
    expect(messages().map(({ text }) => text.split('\n')[0])).toEqual([
      expect.stringMatching(/100 alerts/),
      expect.stringMatching(/The storm is over/),
      expect.stringMatching(/All 100 alerts of the storm that began at 10:00 are over\./),
    ]);
    const calls = stage.sandbox.ledger.filter(({ error }) => error?.code === 429);
    expect(calls).toEqual([]);
  });

  it('takes on the board what was told singly before it was seen to be a storm, and tells no end of it a second time', async () => {
    const born = [];
    const other = await stage.fire('/other', [receiver], { ruleId: 'r_2' });
    for (let i = 0; i < stormAt + 5; i++) {
      born.push(...(await fireMany(1, i)));
      await stage.settle();
      await stage.pass(1000);
    }
    await stage.pass(3000);
    const firsts = messages().length;
    expect(firsts).toBe(stormAt + 1);
    expect(messages().at(-1)!.text).toMatch(/^🟠 15 alerts in 14 s/);
    await stage.pass(70_000, 5000);
    for (const alert of born.slice(0, -1)) await stage.step(alert, unmet(), [receiver]);
    await stage.settle();
    await stage.pass(30_000, 2000);
    expect(messages()).toHaveLength(firsts + 1);
    expect(messages().filter(({ text }) => /^✅/.test(text))).toHaveLength(stormAt - 1);
    await stage.step(other, unmet(), [receiver]);
    await stage.step(born.at(-1)!, unmet(), [receiver]);
    await stage.settle();
    await stage.pass(60_000, 5000);
    expect(
      messages()
        .slice(firsts)
        .map(({ text }) => text.split('\n')[0]),
    ).toEqual([
      expect.stringMatching(/The storm is over: \d+ alerts .* still burn/),
      expect.stringMatching(/✅ .*\/other/),
      expect.stringMatching(/^All \d+ alerts of the storm that began at 10:00 are over\./),
    ]);
    expect((await stage.copies()).filter(({ overAt }) => overAt === null)).toEqual([]);
  });

  it('tells singly the end of what became worse after the board was closed', async () => {
    const born = await fireMany(30);
    await stage.settle();
    await stage.pass(80_000, 5000);
    const worse = seen({ severity: 'critical' });
    const grave = await stage.step(born[0]!, { is: 'met', seen: worse }, [receiver]);
    await stage.settle();
    await stage.pass(3000);
    const before = messages().length;
    await stage.step(grave, unmet(), [receiver]);
    await stage.step(born[1]!, unmet(), [receiver]);
    await stage.settle();
    await stage.pass(5000);
    expect(messages()).toHaveLength(before + 1);
    expect(messages().at(-1)!.text).toMatch(/✅ .*\/disk0/);
  });

  it('lets a critical alert through beside the board, and single messages again afterwards', async () => {
    await fireMany(30);
    await stage.settle();
    await stage.fire('/reactor', [receiver], { severity: 'critical' });
    await stage.settle();
    await stage.pass(5000);
    expect(messages()).toHaveLength(2);
    expect(messages()[1]!.text).toMatch(/🔴 Disk nearly full: \/reactor/);
    await stage.pass(120_000, 5000);
    await stage.fire('/later', [receiver]);
    await stage.settle();
    await stage.pass(3000);
    expect(messages().at(-1)!.text).toMatch(/🟠 Disk nearly full: \/later/);
  });

  it('is acknowledged by one press, shown on the board', async () => {
    await fireMany(50);
    await stage.settle();
    await stage.pass(3000);
    const [board] = await stage.db.select().from(boards);
    const ana = { is: 'person', personId: 'p_1', name: 'P1', role: 'member' } as const;
    const done = await acknowledgeMany(stage.world, ana, { boardId: board!.id }, stage.clock.now);
    expect(done).toEqual({ ok: true, count: 50 });
    await stage.settle();
    await stage.pass(3000);
    expect(messages()[0]!.text).toMatch(/50 burning, 50 of them acknowledged/);
    expect(await acknowledgeMany(stage.world, ana, { boardId: board!.id }, stage.clock.now)).toEqual({
      ok: true,
      count: 0,
    });
  });

  it('puts up another board when somebody deleted the message', async () => {
    await fireMany(30);
    await stage.settle();
    await stage.pass(2000);
    await fetch(`${stage.sandbox.apiRoot}/bot${stage.sandbox.token}/deleteMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chat_id: 1, message_id: messages()[0]!.message_id }),
    });
    expect(messages()).toEqual([]);
    await fireMany(30, 30);
    await stage.settle();
    await stage.pass(80_000, 5000);
    expect(messages()[0]!.text).toMatch(/60 alerts/);
    const fates = (await stage.notifications()).filter(
      ({ status }) => !['sent', 'suppressed'].includes(status),
    );
    expect(fates).toEqual([]);
  });
});
