// What goes wrong on the way to Telegram, end to end: the outcome table, floods and crashes.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pauseUntil, shareNow, slowDown, takeTurn } from '../../src/store/budgets.ts';
import { saveStyle } from '../../src/store/receivers.ts';
import { openStage, type Stage, unmet } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const texts = (chat: number) => stage.sent(chat).map(({ text }) => text);
const statuses = async () => (await stage.notifications()).map(({ status }) => status);
const outcomes = async () => (await stage.deliveries()).map(({ outcome }) => outcome);
/** Does this while the next message is in the air. */
const meanwhile = (what: () => unknown) => {
  const channel = stage.channels[0]!;
  const { deliver } = channel;
  channel.deliver = async (...call) => {
    channel.deliver = deliver;
    const outcome = await deliver(...call);
    await what();
    return outcome;
  };
};
const repeat = /^possible repeat, first try 8:00:00\n/;

describe('a possible repeat is marked, a sure retry is not', () => {
  it('500 with the message accepted: told twice, the second marked', async () => {
    const { receiverId } = await stage.person(1);
    stage.sandbox.faults.next(1, { status: 500, description: 'Internal Server Error', effect: true });
    await stage.fire('/home', [receiverId]);
    await stage.settle();
    await stage.pass(5000);
    expect(texts(1)).toHaveLength(2);
    expect(texts(1)[1]).toMatch(repeat);
    expect(await outcomes()).toEqual(['unknown', 'sent']);
    expect((await stage.deliveries()).map(({ marked }) => marked)).toEqual([false, true]);
  });

  it.each(['drop-answer', 'hang-after'] as const)('%s: told twice, the second marked', async (fault) => {
    const { receiverId } = await stage.person(1);
    stage.sandbox.faults.next(1, fault);
    await stage.fire('/home', [receiverId]);
    await stage.settle();
    await stage.pass(5000);
    expect(texts(1)).toHaveLength(2);
    expect(texts(1)[1]).toMatch(repeat);
  });

  it.each(['reset-before', 'hang'] as const)(
    '%s: told once, marked because we cannot know',
    async (fault) => {
      const { receiverId } = await stage.person(1);
      stage.sandbox.faults.next(1, fault);
      await stage.fire('/home', [receiverId]);
      await stage.settle();
      await stage.pass(5000);
      expect(texts(1)).toHaveLength(1);
      expect(texts(1)[0]).toMatch(repeat);
    },
  );

  it('429: waits as told, that chat alone, not marked', async () => {
    const first = await stage.person(1);
    const second = await stage.person(2);
    const flood = {
      status: 429,
      description: 'Too Many Requests: retry after 10',
      parameters: { retry_after: 10 },
    };
    stage.sandbox.faults.next(1, flood, { chat: 1 });
    await stage.fire('/home', [first.receiverId, second.receiverId]);
    await stage.settle();
    await stage.pass(9000);
    expect([texts(1).length, texts(2).length]).toEqual([0, 1]);
    await stage.pass(1000);
    expect(texts(1)).toHaveLength(1);
    expect(texts(1)[0]).not.toMatch(repeat);
  });

  it('429 at two chats one after the other makes all wait, and slows the bot down', async () => {
    const people = [];
    for (let id = 1; id <= 4; id++) people.push(await stage.person(id));
    const flood = { status: 429, description: 'Too Many Requests', parameters: { retry_after: 5 } };
    stage.sandbox.faults.next(2, flood, { method: 'sendMessage' });
    await stage.fire(
      '/home',
      people.map(({ receiverId }) => receiverId),
    );
    await stage.settle();
    await stage.pass(4_000);
    expect(stage.sandbox.ledger.filter(({ method }) => method === 'sendMessage')).toHaveLength(2);
    expect(stage.counts.get('pauses telegram everybody')).toBe(1);
    expect(await shareNow(stage.db, 'telegram', stage.clock.now)).toBeCloseTo(0.6, 1);
    await stage.pass(10_000);
    for (let id = 1; id <= 4; id++) expect(texts(id)).toHaveLength(1);
    // Others heard of the same refusal: it slows down once.
    const at = stage.clock.now;
    const slow = () => stage.db.transaction((tx) => slowDown(tx, 'telegram', at + 1_000, at));
    expect(await slow()).toBe(await slow());
    expect(await takeTurn(stage.db, 'telegram', '9', 'private', at)).toEqual({ ok: false, at: at + 1_000 });
    expect(await shareNow(stage.db, 'telegram', at + 3_600_000)).toBe(1);
  });

  it('401: stops, keeps everything, goes on', async () => {
    const { receiverId } = await stage.person(1);
    const second = await stage.person(2);
    stage.sandbox.faults.next(1, { status: 401, description: 'Unauthorized' }, { method: 'sendMessage' });
    await stage.fire('/home', [receiverId, second.receiverId]);
    await stage.settle();
    await stage.pass(59_000, 10_000);
    expect(texts(1).length + texts(2).length).toBe(0);
    await stage.pass(5000);
    expect([texts(1).length, texts(2).length]).toEqual([1, 1]);
  });
});

it('a wait that is asked for begins with the answer, however late that came', async () => {
  const { receiverId } = await stage.person(1);
  const flood = { status: 429, description: 'Too Many Requests', parameters: { retry_after: 10 } };
  stage.sandbox.faults.next(1, flood, { chat: 1 });
  await stage.fire('/home', [receiverId]);
  meanwhile(() => {
    stage.clock.now += 5000;
  });
  await stage.settle();
  expect((await stage.notifications())[0]!.notBefore).toBe(stage.clock.now + 10_000);
  await stage.pass(9000);
  expect(texts(1)).toHaveLength(0);
  await stage.pass(1000);
  expect(texts(1)).toHaveLength(1);
});

describe('twenty attempts of unknown outcome', () => {
  const fail = async () => {
    const { receiverId } = await stage.person(1);
    stage.sandbox.faults.next(20, 'drop-answer', { chat: 1 });
    const alert = await stage.fire('/home', [receiverId]);
    await stage.settle();
    return { receiverId, alert };
  };

  it('end the notification, but not the promise to tell that it is over', async () => {
    const { receiverId, alert } = await fail();
    await stage.pass(3 * 3_600_000, 400_000);
    expect(await statuses()).toEqual(['dead']);
    expect(await stage.copies()).toMatchObject([{ receiverId, alertId: alert.id, messageId: null }]);
    await stage.step(alert, unmet(), [receiverId]);
    await stage.settle();
    expect(texts(1).at(-1)).toContain('is over');
    expect(await statuses()).toEqual(['dead', 'sent']);
  });

  it('during which it ended: over is told', async () => {
    const { receiverId, alert } = await fail();
    await stage.pass(1_200_000, 400_000);
    await stage.step(alert, unmet(), [receiverId]);
    await stage.pass(3 * 3_600_000, 400_000);
    expect(await statuses()).toEqual(['dead', 'sent']);
    expect((await stage.copies())[0]!.overAt).not.toBeNull();
  });
});

describe('refusals', () => {
  it('blocked: the receiver is switched off, waiting ones end, admins hear', async () => {
    const { receiverId, hands } = await stage.person(1);
    await stage.person(9, { role: 'owner' });
    hands.block();
    await stage.fire('/home', [receiverId]);
    await stage.fire('/var', [receiverId]);
    await stage.settle();
    await stage.pass(3000);
    expect(await statuses()).toEqual(['dead', 'suppressed', 'sent']);
    expect(texts(9)[0]).toContain('I can no longer reach');
    const { findReceiver } = await import('../../src/store/receivers.ts');
    expect((await findReceiver(stage.db, receiverId))!.disabled).toContain('blocked');
  });

  it('an unknown refusal: dead with the reason, the receiver stays on, admins hear', async () => {
    const { receiverId } = await stage.person(1);
    await stage.person(9, { role: 'owner' });
    stage.sandbox.faults.next(1, { status: 400, description: 'Bad Request: something new' }, { chat: 1 });
    await stage.fire('/home', [receiverId]);
    await stage.settle();
    await stage.fire('/var', [receiverId]);
    await stage.settle();
    expect(texts(1)).toHaveLength(1);
    const [dead] = await stage.notifications();
    expect(dead).toMatchObject({ status: 'dead', detail: '400 Bad Request: something new' });
    expect(texts(9)[0]).toContain('could not be told');
  });

  it('a group that became a supergroup: the same notification goes on there', async () => {
    await stage.person(1);
    const { receiverId, group } = await stage.group(-50, 1);
    const alert = await stage.fire('/home', [receiverId]);
    await stage.settle();
    const moved = group.migrate();
    stage.clock.now += 10_000;
    await stage.step(alert, unmet(), [receiverId]);
    await stage.settle();
    await stage.pass(10_000);
    expect(texts(moved)).toEqual([expect.stringContaining('is over')]);
    expect(texts(moved)[0]).not.toMatch(repeat);
    expect((await stage.notifications()).every(({ status }) => status === 'sent')).toBe(true);
  });

  it('a form that Telegram refuses: once more as plain text, counted', async () => {
    const { receiverId } = await stage.person(1);
    stage.sandbox.faults.next(1, { status: 400, description: "Bad Request: can't parse entities: x" });
    await stage.fire('/home', [receiverId]);
    await stage.settle();
    expect(texts(1)).toHaveLength(1);
    expect(stage.counts.get('plain_fallback telegram')).toBe(1);
  });

  it('“not modified” is success', async () => {
    const { receiverId } = await stage.person(1);
    const alert = await stage.fire('/home', [receiverId]);
    await stage.settle();
    const same = 'Bad Request: message is not modified: specified new message content is the same';
    stage.sandbox.faults.next(1, { status: 400, description: same }, { method: 'editMessageText' });
    stage.clock.now += 5000;
    await stage.step(alert, { is: 'acknowledge', by: { is: 'operator', name: 'Ben' } }, [receiverId]);
    await stage.settle();
    const [copy] = await stage.copies();
    expect(copy!.shownRev).toBe(copy!.wantedRev);
  });
});

const unhurried = { pace: { everyMs: 1, burst: 9 }, whole: null };

describe('a process that ends', () => {
  it('between intent and outcome leaves an attempt that is repeated, marked', async () => {
    const { receiverId } = await stage.person(1);
    await stage.fire('/home', [receiverId]);
    await stage.work.notify(receiverId, stage.clock.now);
    // The other process: takes the lease, writes its intent, and dies.
    const { signOfLife } = await import('../../src/store/leases.ts');
    const { claim } = await import('../../src/store/waiting.ts');
    const { beginAttempts } = await import('../../src/store/deliveries.ts');
    const other = signOfLife(stage.database, 4711);
    await other.confirm();
    const until = stage.clock.now + 30_000;
    const place = { channel: 'telegram', address: '1' };
    const { now } = stage.clock;
    const [waiting] = await claim(stage.db, [place], { owner: 4711, until, most: 9, calmSince: now, now });
    expect(waiting!.sendable.map(({ notification }) => notification.id)).toEqual([1]);
    expect(waiting!.budgets).toMatchObject([{ address: '1', freeAt: 0, pausedUntil: null }]);
    await beginAttempts(stage.database, 'telegram', [{ address: '1', notificationId: 1, ...unhurried, now }]);
    // While it lives, nobody takes its address.
    await stage.work.deliver('telegram|1', stage.clock.now);
    await stage.settle();
    expect(await statuses()).toEqual(['sending']);
    await other.close();
    stage.clock.now += 2000;
    await stage.settle();
    expect(texts(1)).toEqual([expect.stringMatching(repeat)]);
    expect(await statuses()).toEqual(['sent']);
    expect(await outcomes()).toEqual(['unknown', 'sent']);
  });

  it('that lost its address changes nothing of what its successor does', async () => {
    const { receiverId } = await stage.person(1);
    const { adoptOpenAttempts, beginAttempts } = await import('../../src/store/deliveries.ts');
    await stage.fire('/home', [receiverId]);
    meanwhile(async () => {
      await adoptOpenAttempts(stage.db, 'telegram', '1', stage.clock.now);
      const { now } = stage.clock;
      await beginAttempts(stage.database, 'telegram', [
        { address: '1', notificationId: 1, ...unhurried, now },
      ]);
    });
    await stage.work.notify(receiverId, stage.clock.now);
    await stage.work.deliver('telegram|1', stage.clock.now);
    expect(await statuses()).toEqual(['sending']);
    expect(await outcomes()).toEqual(['unknown', 'sending']);
    expect(await stage.copies()).toEqual([]);
  });

  it('has a number of its own: who has the same one does not begin', async () => {
    const { signOfLife } = await import('../../src/store/leases.ts');
    const [one, other] = [signOfLife(stage.database, 4711), signOfLife(stage.database, 4711)];
    await one.confirm();
    await expect(other.confirm()).rejects.toThrow('number');
    await one.close();
    await other.close();
  });

  it('two workers on one address tell everything once, in turn', async () => {
    await stage.person(1);
    const { receiverId } = await stage.group(-60, 1);
    await saveStyle(stage.db, receiverId, { storm: 0 });
    const second = stage.worker();
    for (let i = 0; i < 12; i++) await stage.fire(`/disk${i}`, [receiverId]);
    for (let round = 0; round < 60; round++) {
      await Promise.all([stage.settle(), stage.settle(second)]);
      stage.clock.now += 1000;
    }
    await second.close();
    expect(texts(-60)).toHaveLength(12);
    expect(new Set(texts(-60)).size).toBe(12);
  });
});

it.each([
  ['still named', ['v_1']],
  ['no longer named', []],
])('an alert that ends while its message is in the air ends for its receiver, %s', async (_how, named) => {
  const { receiverId } = await stage.person(1);
  const alert = await stage.fire('/home', [receiverId]);
  const channel = stage.channels[0]!;
  const { deliver } = channel;
  channel.deliver = async (...call) => {
    channel.deliver = deliver;
    const outcome = await deliver(...call);
    await stage.step(alert, unmet(), named);
    await stage.work.notify(receiverId, stage.clock.now);
    return outcome;
  };
  await stage.settle();
  await stage.pass(3000);
  expect(texts(1)).toEqual([expect.stringContaining('is over'), expect.stringContaining('is over')]);
  expect((await stage.copies())[0]!.overAt).not.toBeNull();
});

describe('the pace', () => {
  it('a burst of 100 to one group and 30 chats draws no 429', { timeout: 300_000 }, async () => {
    const everywhere: string[] = [];
    for (let id = 1; id <= 30; id++) everywhere.push((await stage.person(id)).receiverId);
    const group = await stage.group(-70, 1);
    // The group wants each by itself, not one board.
    await saveStyle(stage.db, group.receiverId, { storm: 0 });
    for (let i = 0; i < 100; i++)
      await stage.fire(`/disk${i}`, [group.receiverId, everywhere[i % 30]!, everywhere[(i + 1) % 30]!]);
    await stage.settle();
    await stage.pass(20_000, 1000);
    // From here on only the group still has messages waiting, one every four seconds.
    await stage.pass(400_000, 4000);
    expect(texts(-70)).toHaveLength(100);
    for (let id = 1; id <= 30; id++) expect(texts(id).length).toBeGreaterThanOrEqual(6);
    expect(stage.sandbox.ledger.filter(({ error }) => error?.code === 429)).toEqual([]);
    const times = stage.sandbox.ledger.filter(({ chatId }) => chatId === -70).map(({ at }) => at);
    for (const from of times)
      expect(times.filter((time) => time >= from && time < from + 60_000).length).toBeLessThanOrEqual(20);
  });

  it('an answer to a person goes first, and notifications wait', async () => {
    const { now } = stage.clock;
    for (let i = 0; i < 5; i++)
      expect(await takeTurn(stage.db, 'telegram', '5', 'private', now, { force: true })).toEqual({
        ok: true,
      });
    expect(await takeTurn(stage.db, 'telegram', '5', 'private', now)).toEqual({ ok: false, at: now + 3000 });
    expect(await takeTurn(stage.db, 'telegram', '5', 'private', now + 3000)).toEqual({ ok: true });
    for (let i = 0; i < 30; i++) await takeTurn(stage.db, 'telegram', '6', 'group', now, { force: true });
    expect(await takeTurn(stage.db, 'telegram', '6', 'group', now)).toEqual({ ok: false, at: now + 8000 });
    await pauseUntil(stage.db, 'telegram', '5', now + 60_000);
    expect(await takeTurn(stage.db, 'telegram', '5', 'private', now + 9000, { force: true })).toEqual({
      ok: false,
      at: now + 60_000,
    });
  });
});
