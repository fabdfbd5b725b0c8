// What a rule itself says about telling: only on trial, and not while another alert explains it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rule } from '#core/rule.ts';
import { saveRule } from '../../src/store/rules.ts';
import { ruleWith } from '../evaluate/stage.ts';
import { openStage, type Stage, unmet } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const rule = (given: Partial<Rule>) =>
  stage.db.transaction((tx) => {
    const { version: _, ...one } = ruleWith({ ownerId: 'p_1', ...given });
    return saveRule(tx, one, 'operator', stage.clock.now);
  });
const texts = (chat: number) => stage.sent(chat).map(({ text }) => text.split('\n')[0]);
const fates = async () =>
  (await stage.notifications()).map(({ kind, receiverId, status, reason }) =>
    `${kind} ${receiverId} ${status} ${reason ?? ''}`.trim(),
  );

describe('a rule on trial', () => {
  it('tells nobody but those who try it, and says why', async () => {
    const [ana, ben] = [await stage.person(1), await stage.person(2)];
    await rule({ id: 'r_1', shadow: true, pilot: [ben.receiverId] });
    const both = [ana.receiverId, ben.receiverId];
    const alert = await stage.fire('/home', both);
    await stage.settle();
    expect(texts(1)).toEqual([]);
    expect(texts(2)).toEqual(['🟠 Disk nearly full: /home']);
    expect((await stage.copies()).map(({ receiverId }) => receiverId)).toEqual(['v_2']);
    stage.clock.now += 60_000;
    await stage.step(alert, unmet(), both);
    await stage.settle();
    expect(await fates()).toEqual([
      'firing v_1 suppressed shadow',
      'firing v_2 sent',
      'over v_1 suppressed shadow',
      'over v_2 sent',
    ]);
    expect((await stage.notifications())[0]!.detail).toBe('The rule is only on trial.');
  });

  it('whoever heard of it before the trial began hears of its end', async () => {
    const { receiverId } = await stage.person(1);
    const alert = await stage.fire('/home', [receiverId]);
    await stage.settle();
    await rule({ id: 'r_1', shadow: true });
    await stage.step(alert, unmet(), [receiverId]);
    await stage.settle();
    expect(texts(1)).toEqual([expect.stringContaining('is over'), expect.stringContaining('is over')]);
  });
});

describe('not while another alert explains it', () => {
  const router = { id: 'r_router', name: 'Router down' };
  beforeEach(async () => {
    await rule(router);
    await rule({ id: 'r_1', name: 'Host down', unless: [{ rule: 'Router down' }] });
  });

  it('is told as soon as that one is over, when it still burns', async () => {
    const { receiverId } = await stage.person(1);
    const cause = await stage.fire('core', [receiverId], { ruleId: 'r_router', title: 'Router down' });
    await stage.fire('web', [receiverId], { title: 'Host down' });
    await stage.settle();
    expect(texts(1)).toEqual(['🟠 Router down: core']);
    const held = (await stage.notifications())[1]!;
    expect([held.status, held.reason, held.detail]).toEqual([
      'held',
      'inhibited',
      'Not told while “Router down: core” burns.',
    ]);
    // Looked at again and again, it stays held, and nothing piles up.
    await stage.pass(5 * 60_000, 60_000);
    expect(texts(1)).toEqual(['🟠 Router down: core']);
    await stage.step(cause, unmet(), [receiverId]);
    // Told by the doorbell that the end rings, not by the minute.
    await stage.work.notify(receiverId, stage.clock.now);
    await stage.settle();
    expect(texts(1)).toContain('🟠 Host down: web');
  });

  it('is dropped with the reason when it is over before', async () => {
    const { receiverId } = await stage.person(1);
    const cause = await stage.fire('core', [receiverId], { ruleId: 'r_router', title: 'Router down' });
    const alert = await stage.fire('web', [receiverId], { title: 'Host down' });
    await stage.settle();
    stage.clock.now += 60_000;
    await stage.step(alert, unmet(), [receiverId]);
    await stage.settle();
    await stage.step(cause, unmet(), [receiverId]);
    await stage.settle();
    expect((await fates()).filter((one) => one.includes('inhibited'))).toEqual([
      'firing v_1 suppressed inhibited',
    ]);
    expect(texts(1).join()).not.toContain('Host');
    expect((await fates()).filter((one) => one.includes('never-told'))).toHaveLength(1);
  });

  it('rings whoever waits, in the commit of the end', async () => {
    const { receiverId } = await stage.person(1);
    const cause = await stage.fire('core', [], { ruleId: 'r_router', title: 'Router down' });
    await stage.fire('web', [receiverId], { title: 'Host down' });
    await stage.settle();
    expect(stage.sent(1)).toEqual([]);
    expect(await stage.ended(cause)).toContainEqual({ job: 'notify', id: receiverId });
  });

  it('a great many of them are decided in one go', async () => {
    const { receiverId } = await stage.person(1);
    await stage.fire('core', [], { ruleId: 'r_router', title: 'Router down' });
    for (let i = 0; i < 30; i++) await stage.fire(`web${i}`, [receiverId], { title: 'Host down' });
    await stage.settle();
    await stage.work.notify(receiverId, stage.clock.now + 500);
    expect(new Set(await fates())).toEqual(new Set(['firing v_1 held inhibited']));
  });
});
