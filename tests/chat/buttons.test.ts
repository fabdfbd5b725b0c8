// Buttons: what they do, and that forged, foreign, expired, repeated and late presses do nothing.
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buttons as shelf } from '#chat/buttons/index.ts';
import type { SandboxPerson } from '#sandbox/telegram/index.ts';
import { transitionsOf } from '#store/alert-lists.ts';
import { addButtons } from '#store/buttons.ts';
import { findAlert } from '#store/find-alerts.ts';
import { findPersonByTelegram } from '#store/people.ts';
import { rulesOf } from '#store/rules.ts';
import { buttons } from '#store/schema/chat.ts';
import { fire } from './burning.ts';
import { disks, openStage, type Stage } from './stage.ts';

let stage: Stage;
let next = 7200;
let ana: SandboxPerson;
let alertId: string;
beforeAll(async () => {
  stage = await openStage();
  await stage.seen(disks);
});
beforeEach(async () => {
  ana = await stage.settled(next++, 'Ana');
  alertId = (await fire(stage, ana.id)).id;
});
afterEach(() => {
  expect(stage.errors).toEqual([]);
  expect(stage.refused()).toEqual([]);
});
afterAll(() => stage.end());

const button = async (action: string, chatId: number, more: object = {}) => {
  const id = stage.world.token();
  await addButtons(stage.db, [
    { id, action, alertId, rev: 1, chatId, payload: null, expiresAt: stage.clock.now + 3_600_000, ...more },
  ]);
  return { data: id };
};
const statusNow = async () => (await findAlert(stage.db, alertId))?.status;

it('acknowledges, releases and resolves, and says the truth when it is too late', async () => {
  const ack = await button('acknowledge', ana.id);
  expect((await stage.press(ana, ack)).text).toBe('Acknowledged. Thank you.');
  stage.clock.now += 180_000;
  expect((await stage.press(ana, ack)).text).toBe('Ana acknowledged this 3 min ago.');
  expect((await stage.press(ana, await button('release', ana.id))).text).toContain('nobody’s again');
  expect((await stage.press(ana, await button('resolve', ana.id))).text).toBe('Resolved.');
  for (const action of ['acknowledge', 'release', 'resolve'])
    expect((await stage.press(ana, await button(action, ana.id))).text).toMatch(
      /^This is over since 14:\d\d\.$/,
    );
  expect((await transitionsOf(stage.db, alertId)).map(({ change, by }) => [change, by])).toEqual([
    ['fired', null],
    ['acknowledged', 'Ana'],
    ['released', 'Ana'],
    ['resolved', 'Ana'],
  ]);
});

it('opens the times of a snooze in place, and goes back', async () => {
  await stage.say(ana, '/start');
  const message = ana.last()!;
  const before = message.reply_markup;
  await stage.press(ana, await button('snooze', ana.id), { messageId: message.message_id });
  expect(stage.screen(ana.id)).toContain(
    '[ 15 min ] [ 1 h ]\n[ until Thu 9:00 ] [ until it changes ]\n[ Mute this rule … ] [ Back ]',
  );
  await stage.press(ana, 'Back');
  expect(ana.last()!.reply_markup).toEqual(before);
  await stage.press(ana, await button('snooze', ana.id), { messageId: message.message_id });
  expect((await stage.press(ana, 'until Thu 9:00')).text).toBe('Snoozed until Thu 9:00.');
  expect((await findAlert(stage.db, alertId))?.snoozedUntil).toBe(Date.UTC(2026, 5, 11, 7));
  // The same again changes nothing: the truth is told and the menu goes.
  expect((await stage.press(ana, 'until Thu 9:00')).text).toBe('This is snoozed until Thu 9:00.');
  expect(ana.last()!.reply_markup).toEqual(before);
});

it('says why, shortly and in full', async () => {
  const answer = await stage.press(ana, await button('why', ana.id));
  expect(answer.text).toMatch(/^Rule “Disk nearly full”\. 14:\d\d \/sarc\/cad: 93\.5, limit 90\.$/);
  expect(answer.text!.length).toBeLessThanOrEqual(200);
  expect(stage.screen(ana.id)).toContain(
    // Nothing is sent on this stage.
    'Why you were not told yet: the rule “Disk nearly full” (topic disk.usage, usage over 90).',
  );
  expect(stage.screen(ana.id)).toMatch(/14:\d\d fired: 93\.5, limit 90 \(event 7\)/);
});

describe('refuses', () => {
  it.each(['', 'x', 'acknowledge', "'; drop table buttons; --", 'é'.repeat(32), 'w:1:0', '\u202e'])(
    'forged data %j',
    async (data) => {
      expect((await stage.press(ana, { data })).text).toBeTruthy();
      expect(await statusNow()).toBe('firing');
    },
  );

  it('a button of another chat', async () => {
    const ben = await stage.settled(next++, 'Ben');
    await stage.say(ben, '/help');
    expect((await stage.press(ben, await button('acknowledge', ana.id))).text).toBe(
      'I do not know this button.',
    );
    expect(await statusNow()).toBe('firing');
  });

  it('a button of a newer version beside this one, kindly', async () => {
    const newer = await button('of-tomorrow', ana.id);
    expect((await stage.press(ana, newer)).text).toContain('again in a minute');
    expect(await statusNow()).toBe('firing');
  });

  it('an expired button', async () => {
    const old = await button('acknowledge', ana.id, { expiresAt: stage.clock.now });
    expect((await stage.press(ana, old)).text).toContain('too old');
    expect(await statusNow()).toBe('firing');
  });

  it('an alert of somebody else, whatever row says so', async () => {
    const ben = await stage.settled(next++, 'Ben');
    await stage.say(ben, '/help');
    for (const { action } of shelf) {
      if (!/^(acknowledge|release|resolve|snooze|why)$/.test(action)) continue;
      const payload = action === 'snooze' ? '{"for":"1h"}' : null;
      const answer = await stage.press(ben, await button(action, ben.id, { payload }));
      expect([action, answer.text]).toEqual([action, 'This belongs to somebody else.']);
    }
    expect(await statusNow()).toBe('firing');
    expect((await findAlert(stage.db, alertId))?.snoozedUntil).toBeNull();
  });

  it('a rule of somebody else, in every button about rules', async () => {
    const ben = await stage.settled(next++, 'Ben');
    await stage.say(ben, '/help');
    const person = await findPersonByTelegram(stage.db, ana.id);
    const [rule] = await rulesOf(stage.db, [person!.id]);
    const tries: [string, string][] = [
      ['pause', `on ${rule!.id}`],
      ['rule', rule!.id],
      ['edit', rule!.id],
      ['edit', `${rule!.id} severity critical`],
      ['delete', rule!.id],
      ['delete', `${rule!.id} surely`],
      ['sample', rule!.id],
      ['mute', `rule ${rule!.id} 3600000`],
    ];
    for (const [action, payload] of tries) {
      await stage.press(ben, await button(action, ben.id, { payload }));
      expect([action, stage.screen(ben.id).includes('usage over 90')]).toEqual([action, false]);
    }
    expect(await rulesOf(stage.db, [person!.id])).toEqual([rule]);
    expect((await stage.rows()).silences ?? 0).toBe(0);
  });
});

it('a press that Telegram sends again is harmless', async () => {
  const ack = await button('acknowledge', ana.id);
  await stage.press(ana, ack);
  const again = ana.resendPress();
  await stage.settle();
  expect((await again).text).toBe('Ana acknowledged this just now.');
});

it('does what was asked although the answer to the press comes too late', async () => {
  const press = ana.press(await button('acknowledge', ana.id));
  press.catch(() => {});
  const [update] = await stage.take();
  stage.clock.now += 60_000;
  await stage.bot.handle(update!, stage.clock.now);
  expect(await statusNow()).toBe('acknowledged');
});

it('pages rules, edits, pauses and deletes them after asking once', async () => {
  for (let i = 0; i < 8; i++) await fire(stage, ana.id, `/disk${i}`, `Rule number ${i}`);
  expect(await stage.say(ana, '/rules')).toContain('9 rules, page 1 of 2:');
  expect(await stage.go(ana, 'More')).toContain(
    '7. Rule number 5: disk.usage, usage over 90 · warning · 1 alert open',
  );
  await stage.go(ana, '9. Rule');
  expect((await stage.press(ana, 'Pause')).text).toContain('Paused.');
  expect(stage.screen(ana.id)).toContain('Paused: Rule number 7');
  expect((await stage.press(ana, 'Resume')).text).toBe('It is watching again.');
  await stage.go(ana, 'Edit');
  expect(await stage.go(ana, 'Limit')).toContain('Tell: usage over 90');
  expect(await stage.say(ana, 'lots')).toContain('“lots” is no number');
  expect(await stage.say(ana, '97.5')).toContain('Limit: 90 → 97.5');
  await stage.go(ana, 'Change');
  await stage.go(ana, 'Severity');
  expect(await stage.go(ana, 'critical')).toContain('Severity: warning → critical');
  expect(await stage.go(ana, 'Save')).toContain('usage over 97.5; 🔴 critical');
  await stage.go(ana, 'Edit');
  await stage.go(ana, 'How long');
  expect(await stage.say(ana, '10')).toContain('How long: at once → 10m');
  await stage.go(ana, 'Change');
  await stage.go(ana, 'Name');
  expect(await stage.say(ana, 'Big disks')).toContain('Name: Rule number 7 → Big disks');
  await stage.go(ana, 'Save');
  expect(await stage.go(ana, 'Delete')).toBe('Delete “Big disks”?\n[ Delete it ] [ Keep it ]');
  expect(await stage.go(ana, 'Keep it')).toContain('Big disks');
  await stage.go(ana, 'Delete');
  expect(await stage.go(ana, 'Delete it')).toContain('Deleted: Big disks.\n8 rules, page 1 of 2:');
});

it('mutes by rule and lifts', async () => {
  await stage.say(ana, '/silence');
  await stage.go(ana, 'Mute …');
  await stage.go(ana, 'Disk nearly full');
  expect(await stage.go(ana, '4 h')).toContain('Muted: Disk nearly full until 18:');
  expect(await stage.say(ana, '/silence')).toContain('1. Disk nearly full until 18:');
  expect((await stage.press(ana, 'Lift 1')).text).toBe('Lifted. It is told again.');
  expect(stage.screen(ana.id)).toContain('Nothing is muted.');
});

it('shows what burns, with a button for each', async () => {
  expect(await stage.say(ana, '/alerts')).toContain(
    '1. 🟠 Disk nearly full: /sarc/cad · 93.5, limit 90 · since',
  );
  await stage.go(ana, 'Acknowledge 1');
  expect(stage.screen(ana.id)).toContain('acknowledged by Ana');
  expect(stage.screen(ana.id)).not.toContain('[ Acknowledge');
});

it('every stored button expires', async () => {
  await stage.say(ana, '/settings');
  const rows = await stage.db.select().from(buttons).where(eq(buttons.chatId, ana.id));
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every(({ expiresAt, id }) => expiresAt > stage.clock.now - 1e7 && id.length >= 20)).toBe(true);
});
