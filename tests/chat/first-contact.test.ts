// The first contact: from the deep link to a saved rule in one message, the clock, and coming back.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { SandboxPerson } from '#sandbox/telegram/index.ts';
import { findPersonByTelegram, settingsOf } from '#store/people.ts';
import { rulesOf } from '#store/rules.ts';
import { disks, openStage, type Stage } from './stage.ts';

let stage: Stage;
let next = 7001;
let ana: SandboxPerson;
beforeAll(async () => {
  stage = await openStage();
});
beforeEach(async () => {
  ana = await stage.person(next++, 'Ana');
});
afterAll(async () => {
  expect(stage.refused()).toEqual([]);
  expect(stage.errors).toEqual([]);
  await stage.end();
});
const personOf = async (who: SandboxPerson) => (await findPersonByTelegram(stage.db, who.id))!;
const zoneOf = async (who: SandboxPerson) => (await settingsOf(stage.db, (await personOf(who)).id)).zone;

it('shows the ready line while nothing was seen, and the topics once something came', async () => {
  expect(stage.screen(ana.id)).toBe(
    'Hello Ana. I tell you when something you care about goes wrong, and when it is over.\n' +
      'Your clock: Europe/Berlin, 14:05 now.\n[ That’s right ] [ Another place ]',
  );
  const empty = await stage.go(ana, 'That’s right');
  expect(empty).toContain('curl http://localhost:8080/v1/events');
  expect(empty).toContain('[ Look again ]');
  expect(empty).toContain('The start screen shows this line with a key instead of YOUR_KEY; an admin');
  expect((await stage.press(ana, 'Look again')).text).toBe('Nothing new yet.');
  expect(stage.screen(ana.id)).toBe(empty);
  await stage.seen([...disks, { type: 'host.alive', subject: 'cad1', data: { state: 'Hired' } }]);
  expect(await stage.go(ana, 'Look again')).toContain('[ disk.usage · 3 things · last 93.5 ]');
  expect(stage.count(ana.id)).toBe(1);
});

it('goes to a saved rule in the message that said hello', async () => {
  await stage.go(ana, 'That’s right');
  await stage.go(ana, 'disk.usage');
  expect(await stage.go(ana, 'usage')).toContain('Seen: 41 – 93.5, now /sarc/cad 93.5, /home 71, /var 41');
  expect(await stage.go(ana, '90')).toContain('At night or weekends a different limit?');
  expect(await stage.go(ana, 'same')).toBe(
    'Any disk.usage: usage over 90; told to you here.\n' +
      'Nothing under this topic is kept from the last 14 days, so I cannot say what it would have told you.\n' +
      'Is it right so?\n' +
      '[ Save ]\n[ Only some … ] [ Change … ]\n[ Back ] [ Cancel ]',
  );
  for (const label of ['Change', 'How long', '5 min', 'Change', 'Severity']) await stage.go(ana, label);
  expect(await stage.go(ana, 'warning')).toContain(
    'Any disk.usage: usage over 90 for 5 min; 🟠 warning; told to you here.',
  );
  expect(await stage.go(ana, 'Save')).toContain('Saved.');
  expect(stage.count(ana.id)).toBe(1);
  const rules = await rulesOf(stage.db, [(await personOf(ana)).id]);
  expect(rules).toMatchObject([
    {
      topic: 'disk.usage',
      kind: 'threshold',
      params: { field: 'usage', op: '>', limit: 90 },
      forMs: 300_000,
      severity: 'warning',
    },
  ]);
  expect(rules[0]!.to).toHaveLength(1);
  expect((await stage.press(ana, 'Send me a sample')).text).toBe('A sample comes in a moment.');
  expect(await stage.go(ana, 'My rules')).toContain('1. disk.usage over 90');
});

it('finds a place by its name, and goes back', async () => {
  await stage.go(ana, 'Another place');
  expect(await stage.say(ana, 'Atlantis')).toContain('I know no place called “Atlantis”.');
  expect(await stage.say(ana, 'new yo')).toContain('[ New York · 8:05 ]');
  expect(await stage.go(ana, 'Back')).toContain('Your clock: Europe/Berlin, 14:05 now.');
  await stage.go(ana, 'Another place');
  await stage.say(ana, 'são paulo');
  expect(await stage.go(ana, 'São Paulo')).toContain('Your clock is now America/Sao_Paulo, 9:05.');
  expect(await zoneOf(ana)).toBe('America/Sao_Paulo');
  // The first message, and the one below what was not understood.
  expect(stage.count(ana.id)).toBe(2);
  expect(await stage.go(ana, 'That’s right')).toContain('These topics are alive here.');
});

it('takes a shared location', async () => {
  await stage.go(ana, 'Another place');
  ana.shareLocation(35.5, 139.5);
  await stage.settle();
  expect(stage.screen(ana.id)).toContain('Asia/Tokyo, 21:05');
  expect(await zoneOf(ana)).toBe('Asia/Tokyo');
});

it('greets again with what it knows, and never lets an invitation be used twice', async () => {
  await stage.go(ana, 'That’s right');
  await stage.say(ana, '/cancel');
  expect(await stage.say(ana, '/start')).toContain('Hello Ana. Nothing burns, and no rule is watching yet.');
  expect(await stage.say(ana, '/start settings')).toContain('Your morning: 9:00');
  const thief = stage.sandbox.person(999, { first_name: 'Thief' });
  thief.start(`invitation-of-${ana.id}-member`);
  await stage.settle();
  expect(stage.screen(999)).toContain('used already');
  expect(await findPersonByTelegram(stage.db, 999)).toBeUndefined();
});

it('sets morning and quiet hours by buttons', async () => {
  await stage.go(ana, 'That’s right');
  await stage.say(ana, '/cancel');
  await stage.say(ana, '/settings');
  await stage.go(ana, 'Morning');
  expect(await stage.go(ana, '7:00')).toContain('Your morning: 7:00');
  await stage.go(ana, 'Quiet hours');
  expect(await stage.go(ana, '22:00–7:00')).toContain(
    'Quiet from 22:00 to 7:00; critical alerts break through.',
  );
  expect(await stage.go(ana, 'Nothing breaks through')).toContain('nothing breaks through.');
  expect(await stage.go(ana, 'No quiet hours')).toContain('No quiet hours.');
  expect(await stage.say(ana, '/quiet 22:30 to 7am')).toContain('Quiet from 22:30 to 7:00');
  expect(await stage.say(ana, '/quiet often')).toContain('I don’t understand “often”.');
  expect(await stage.say(ana, '/quiet off')).toContain('No quiet hours.');
});
