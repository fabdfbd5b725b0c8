// The notify room end to end: alerts become messages, stay true, and end.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStage, type Stage, seen, unmet } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const ana = { is: 'person', personId: 'p_1', name: 'Ana', role: 'member' } as const;

describe('one alert', () => {
  it('is one message that is edited, and one that says it is over', async () => {
    const { receiverId } = await stage.person(1);
    let alert = await stage.fire('/sarc/cad', [receiverId]);
    await stage.settle();
    expect(stage.sent(1)).toHaveLength(1);
    expect(stage.sent(1)[0]!.text).toContain('🟠 Disk nearly full: /sarc/cad\n93.5, limit 90.\nSince 8:00');
    expect(labels(1)).toEqual(['Acknowledge', 'Snooze', 'Why', 'Resolve']);

    stage.clock.now += 60_000;
    alert = await stage.step(alert, { is: 'acknowledge', by: ana }, [receiverId]);
    await stage.settle();
    expect(stage.sent(1)).toHaveLength(1);
    expect(stage.sent(1)[0]!.text).toContain('Acknowledged by Ana, 8:01');
    expect(labels(1)).toEqual(['Release', 'Resolve', 'Why']);

    stage.clock.now += 40 * 60_000;
    await stage.step(alert, unmet(), [receiverId]);
    await stage.settle();
    const texts = stage.sent(1).map(({ text }) => text);
    expect(texts).toHaveLength(2);
    expect(texts[0]).toContain('✅ Disk nearly full: /sarc/cad is over');
    expect(texts[1]).toBe('✅ Disk nearly full: /sarc/cad is over\n84, after 41 min. Acknowledged by Ana.');
    expect(labels(1)).toEqual(['Why']);
    expect((await stage.copies())[0]!.overAt).not.toBeNull();
  });

  it('that was heard of is told to be over, also when the rule names nobody any more', async () => {
    const { receiverId } = await stage.person(1);
    const alert = await stage.fire('/home', [receiverId]);
    await stage.settle();
    stage.clock.now += 60_000;
    await stage.step(alert, unmet(), []);
    await stage.settle();
    expect(stage.sent(1).map(({ text }) => text)).toEqual([
      expect.stringContaining('is over'),
      expect.stringContaining('is over'),
    ]);
  });

  it('that ended before it was told is one message', async () => {
    const { receiverId } = await stage.person(1);
    const alert = await stage.fire('/home', [receiverId]);
    stage.clock.now += 120_000;
    await stage.step(alert, unmet(), [receiverId]);
    await stage.settle();
    expect(stage.sent(1).map(({ text }) => text)).toEqual([
      expect.stringContaining('✅ Disk nearly full: /home came and went\n84, after 2 min.'),
    ]);
  });

  it('changes its value at most every 30 seconds, what somebody did at once', async () => {
    const { receiverId } = await stage.person(1);
    let alert = await stage.fire('/home', [receiverId]);
    await stage.settle();
    const met = (value: number) =>
      ({
        is: 'met',
        seen: seen({ reading: { is: 'met', value, limit: 90, text: `${value}, limit 90` } }),
      }) as const;
    for (let second = 1; second <= 60; second++) {
      stage.clock.now += 1000;
      alert = await stage.step(alert, met(90 + second), [receiverId]);
      await stage.settle();
    }
    const edits = () => stage.sandbox.ledger.filter(({ method }) => method === 'editMessageText').length;
    expect(edits()).toBeLessThanOrEqual(3);
    const before = edits();
    stage.clock.now += 1000;
    await stage.step(alert, { is: 'acknowledge', by: ana }, [receiverId]);
    await stage.settle();
    expect(edits()).toBe(before + 1);
  });

  it('sounds again when it gets worse, and the older message points to the new one', async () => {
    const { receiverId } = await stage.person(1);
    const alert = await stage.fire('/home', [receiverId]);
    await stage.settle();
    stage.clock.now += 60_000;
    await stage.step(alert, { is: 'met', seen: seen({ severity: 'critical' }) }, [receiverId]);
    await stage.settle();
    const [old, now] = stage.sent(1);
    expect(stage.sent(1)).toHaveLength(2);
    expect(now!.text).toContain('🔴 Disk nearly full: /home\nIt got worse: critical now.');
    expect(old!.text).toContain('A newer message follows below.');
  });

  it('stays edited in every copy', async () => {
    const first = await stage.person(1);
    const second = await stage.person(2);
    const all = [first.receiverId, second.receiverId];
    const alert = await stage.fire('/home', all);
    await stage.settle();
    await stage.step(alert, { is: 'acknowledge', by: ana }, all);
    await stage.settle();
    for (const chat of [1, 2]) expect(stage.sent(chat)[0]!.text).toContain('Acknowledged by Ana');
  });

  it('info makes no sound, in its beginning and its end', async () => {
    const { receiverId } = await stage.person(1);
    const alert = await stage.fire('/home', [receiverId], { severity: 'info' });
    await stage.settle();
    await stage.step(alert, unmet(), [receiverId]);
    await stage.settle();
    expect(stage.sent(1).map(({ silent }) => silent)).toEqual([true, true]);
  });

  it('whose message was deleted is told anew while it burns', async () => {
    const { receiverId } = await stage.person(1);
    const alert = await stage.fire('/home', [receiverId]);
    await stage.settle();
    const id = stage.sent(1)[0]!.message_id;
    await stage.telegram.call('deleteMessage', { chat_id: 1, message_id: id });
    stage.clock.now += 5000;
    await stage.step(alert, { is: 'acknowledge', by: ana }, [receiverId]);
    await stage.settle();
    const standing = stage.sent(1).filter(({ deleted }) => !deleted);
    expect(standing.map(({ text }) => text)).toEqual([expect.stringContaining('Acknowledged by Ana')]);
    expect(standing[0]!.silent).toBe(true);
  });
});

describe('quiet hours', () => {
  const quiet = { window: { from: 22 * 60, to: 7 * 60 }, breakthrough: 'critical' as const };
  const night = Date.UTC(2026, 5, 10, 23, 0, 0);

  it('hold all but the critical and end in one summary, still burning first', async () => {
    stage.clock.now = night - 2 * 3_600_000;
    const { receiverId } = await stage.person(1, { quiet });
    const known = await stage.fire('/known', [receiverId]);
    await stage.settle();
    stage.clock.now = night;
    await stage.fire('/burns', [receiverId]);
    const passed = await stage.fire('/passed', [receiverId]);
    await stage.fire('/critical', [receiverId], { severity: 'critical' });
    await stage.settle();
    expect(stage.sent(1).map(({ text }) => text)).toEqual([
      expect.stringContaining('/known'),
      expect.stringContaining('/critical'),
    ]);
    stage.clock.now += 3_600_000;
    await stage.step(passed, unmet(), [receiverId]);
    await stage.step(known, unmet(), [receiverId]);
    await stage.settle();
    // The message already there is true at once, without a sound.
    expect(stage.sent(1)).toHaveLength(2);
    expect(stage.sent(1)[0]!.text).toContain('is over');

    stage.clock.now = Date.UTC(2026, 5, 11, 7, 0, 0);
    await stage.settle();
    const summary = stage.sent(1)[2]!.text;
    expect(stage.sent(1)).toHaveLength(3);
    expect(summary).toMatch(
      /🌙 While it was quiet\nStill burning: 1\n🟠 Disk nearly full: \/burns .*\nOver: 1\n✅ Disk nearly full: \/known .*\nCame and went: 1\nDisk nearly full: \/passed: warning, lasted 1 h/s,
    );
    expect(labels(1)).toEqual(['Acknowledge Disk nearly full: /burns']);
    const rows = await stage.notifications();
    const told = rows.filter(({ reason }) => reason === 'in-summary');
    expect(told).toHaveLength(3);
    expect(new Set(told.map(({ viaId }) => viaId)).size).toBe(1);
  });

  it('a single thing is told as itself; heard in a summary, it is told when over', async () => {
    stage.clock.now = night;
    const { receiverId } = await stage.person(1, { quiet });
    const one = await stage.fire('/one', [receiverId]);
    await stage.settle();
    await stage.step(one, { is: 'acknowledge', by: ana }, [receiverId]);
    stage.clock.now = Date.UTC(2026, 5, 11, 7, 0, 0);
    await stage.settle();
    expect(stage.sent(1).map(({ text }) => text)).toEqual([
      expect.stringContaining('🟠 Disk nearly full: /one'),
    ]);
    stage.clock.now = Date.UTC(2026, 5, 11, 23, 0, 0);
    const two = [await stage.fire('/two', [receiverId]), await stage.fire('/three', [receiverId])];
    await stage.settle();
    stage.clock.now = Date.UTC(2026, 5, 12, 7, 0, 0);
    await stage.settle();
    expect(stage.sent(1)).toHaveLength(2);
    stage.clock.now += 3_600_000;
    await stage.step(two[0]!, unmet(), [receiverId]);
    await stage.settle();
    expect(stage.sent(1)[2]!.text).toContain('✅ Disk nearly full: /two is over');
  });
});

describe('silences', () => {
  const silence = (endsAt: number) => ({
    id: 'z_1',
    ownerId: 'p_1',
    topic: 'disk.**',
    match: [],
    ruleId: null,
    startsAt: 0,
    endsAt,
    by: 'Ana',
    comment: '',
  });

  it('hold what burns and tell it when they end, but not what is over by then', async () => {
    const { addSilence } = await import('../../src/store/silences.ts');
    const { receiverId } = await stage.person(1);
    await addSilence(stage.db, silence(stage.clock.now + 3_600_000));
    await stage.fire('/burns', [receiverId]);
    const over = await stage.fire('/over', [receiverId]);
    await stage.settle();
    await stage.step(over, unmet(), [receiverId]);
    await stage.settle();
    expect(stage.sent(1)).toHaveLength(0);
    stage.clock.now += 3_600_000;
    await stage.settle();
    expect(stage.sent(1).map(({ text }) => text)).toEqual([expect.stringContaining('/burns')]);
    expect((await stage.notifications()).map(({ reason }) => reason)).toEqual([
      null,
      'superseded',
      'never-told',
    ]);
  });

  it('that begin while several wait at an address hold what is not sent yet', async () => {
    const { addSilence } = await import('../../src/store/silences.ts');
    const { receiverId } = await stage.person(1);
    for (const path of ['/one', '/two']) await stage.fire(path, [receiverId]);
    await stage.work.notify(receiverId, stage.clock.now);
    const channel = stage.channels[0]!;
    const { deliver } = channel;
    channel.deliver = async (...call) => {
      channel.deliver = deliver;
      await addSilence(stage.db, silence(stage.clock.now + 3_600_000));
      return deliver(...call);
    };
    await stage.settle();
    expect(stage.sent(1)).toHaveLength(1);
    expect((await stage.notifications()).map(({ reason }) => reason)).toEqual([null, 'silenced']);
  });

  it('lifted early, tell at the ring', async () => {
    const { addSilence, liftSilence } = await import('../../src/store/silences.ts');
    const { receiverId } = await stage.person(1);
    await addSilence(stage.db, silence(stage.clock.now + 3_600_000));
    await stage.fire('/burns', [receiverId]);
    await stage.settle();
    stage.clock.now += 1000;
    await liftSilence(stage.db, 'z_1', stage.clock.now);
    await stage.work.notify(receiverId, stage.clock.now);
    await stage.settle();
    expect(stage.sent(1)).toHaveLength(1);
  });

  it('let “over” pass for whoever heard', async () => {
    const { addSilence } = await import('../../src/store/silences.ts');
    const { receiverId } = await stage.person(1);
    const alert = await stage.fire('/home', [receiverId]);
    await stage.settle();
    await addSilence(stage.db, silence(stage.clock.now + 3_600_000));
    stage.clock.now += 60_000;
    await stage.step(alert, unmet(), [receiverId]);
    await stage.settle();
    expect(stage.sent(1)).toHaveLength(2);
  });

  it('a snooze ends in one reminder', async () => {
    const { receiverId } = await stage.person(1);
    let alert = await stage.fire('/home', [receiverId]);
    await stage.settle();
    alert = await stage.step(alert, { is: 'snooze', by: ana, until: stage.clock.now + 900_000 }, [
      receiverId,
    ]);
    stage.clock.now += 900_000;
    await stage.step(alert, { is: 'wake' }, [receiverId]);
    await stage.settle();
    expect(stage.sent(1)).toHaveLength(2);
    expect(stage.sent(1)[1]!.text).toContain('🟠 Still burning: Disk nearly full: /home');
    expect(stage.sent(1)[1]!.text).toContain('For 15 min now.');
  });
});

function labels(chat: number): string[] {
  const markup = stage
    .sent(chat)
    .filter(({ deleted }) => !deleted)
    .at(-1)!.reply_markup;
  return markup && 'inline_keyboard' in markup ? markup.inline_keyboard.flat().map(({ text }) => text) : [];
}
