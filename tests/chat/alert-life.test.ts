// The alert in the chat with the real notify room: told, snoozed in place, acknowledged, asked about, over.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stepAlert } from '#core/alert-life.ts';
import { channelsOf } from '#notify/channels/index.ts';
import { notifyWork } from '#notify/worker.ts';
import { commit } from '#store/alerts.ts';
import { findAlert } from '#store/find-alerts.ts';
import { pendingWork } from '#store/pending.ts';
import { createTelegram } from '#telegram/client.ts';
import { border } from '../harness/border.ts';
import { fire } from './burning.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let deliver: () => Promise<void>;
beforeAll(async () => {
  stage = await openStage();
  const telegram = createTelegram({
    token: stage.sandbox.token,
    apiRoot: stage.sandbox.apiRoot,
    log: stage.world.log,
  });
  const work = notifyWork(stage.world, channelsOf({ world: stage.world, telegram, ...border }));
  deliver = async () => {
    for (let round = 0; round < 50; round++) {
      stage.clock.now += 1500;
      const bells = (await pendingWork(stage.db, stage.clock.now)).filter(
        ({ job }) => job === 'notify' || job === 'deliver',
      );
      if (bells.length === 0) return;
      for (const { job, id } of bells)
        if (job === 'notify' || job === 'deliver') await work[job](id, stage.clock.now);
    }
    throw new Error('the work does not end');
  };
});
afterAll(() => stage.end());

it('lives in one message whose buttons do what they say', async () => {
  const ana = await stage.settled(7500, 'Ana');
  const alert = await fire(stage, ana.id);
  await deliver();
  const told = ana.last()!;
  expect(stage.screen(ana.id)).toContain('[ Acknowledge ] [ Snooze ]');
  await stage.press(ana, 'Snooze');
  expect(stage.screen(ana.id)).toContain('[ 15 min ] [ 1 h ]');
  await stage.press(ana, 'Back');
  expect(stage.screen(ana.id)).toContain('[ Acknowledge ] [ Snooze ]');
  await stage.press(ana, 'Snooze');
  expect((await stage.press(ana, '15 min')).text).toMatch(/^Snoozed until 14:\d\d\.$/);
  await deliver();
  expect(stage.screen(ana.id)).toContain('Snoozed until');
  expect(stage.screen(ana.id)).toContain('[ Acknowledge ] [ Snooze ]');
  expect((await stage.press(ana, 'Acknowledge')).text).toBe('Acknowledged. Thank you.');
  await deliver();
  expect(ana.last()!.message_id).toBe(told.message_id);
  expect(stage.screen(ana.id)).toContain('Acknowledged by Ana');
  expect(stage.screen(ana.id)).toContain('[ Release ] [ Resolve ] [ Why ]');
  await stage.press(ana, 'Why');
  expect(stage.screen(ana.id)).toMatch(/Alert: sent 14:\d\d to Telegram\./);
  expect(stage.screen(ana.id)).toContain('[ This rule ] [ Mute … ]');
  const open = (await findAlert(stage.db, alert.id))!;
  const over = stepAlert(open, { is: 'resolve', by: { is: 'clock' } }, stage.clock.now)!;
  await stage.db.transaction((tx) => commit(tx, [{ step: over, receivers: [] }], stage.clock.now));
  await deliver();
  expect(stage.sandbox.messages(ana.id).filter(({ text }) => text.includes('✅')).length).toBeGreaterThan(0);
  expect(stage.errors).toEqual([]);
  expect(stage.refused()).toEqual([]);
});

it('a sample comes as a note', async () => {
  const ben = await stage.settled(7501, 'Ben');
  await stage.say(ben, '/watch disk.usage usage > 90 severity critical');
  await stage.press(ben, 'Send me a sample');
  await deliver();
  expect(stage.screen(ben.id)).toContain('Sample, nothing is wrong.');
  expect(stage.screen(ben.id)).toContain('🔴 disk.usage over 90');
});
