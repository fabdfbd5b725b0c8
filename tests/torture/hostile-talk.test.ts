// Naughty names of people, groups and rules, naughty lines and plain talk: everything that can be typed in Telegram.
// Only the worst of the strings: each is a person, a group, a rule and seven lines.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { besiege, expectSaid, type Siege, visible } from './hostile.ts';
import { worst } from './naughty-strings.ts';

const together = 88;
let siege: Siege;
beforeEach(async () => {
  siege = await besiege();
});
afterEach(() => siege.stop());

it('naughty names of people, groups and rules, naughty lines and plain talk', async () => {
  const { world, takes } = siege;
  const { telegram } = world;
  // Some at a time: Telegram takes thirty messages a second.
  for (let from = 0; from < worst.length; from += together) {
    const few = worst.slice(from, from + together).map((text, place) => {
      const [i, name] = [from + place, text.slice(0, 64)];
      const person = telegram.person(9_000 + i, { first_name: name });
      const group = telegram.group(-9_000 - i, text.slice(0, 128));
      // What Telegram leaves of a typed line.
      const quoted = text
        .slice(0, 90)
        .replace(/["\r\u2028-\u202e]/g, '')
        .replace(/[\x00-\x08\x0b-\x1f]/g, ' ');
      return { i, text, name, person, group, quoted };
    });
    await siege.enrolAll(few.map(({ name, person: { id } }) => ({ id, name })));
    for (const { person, group } of few) {
      group.join(person);
      group.addBot(person);
    }
    await world.advance('5s');
    for (const { i, person, group, quoted } of few) {
      const escaped = quoted.replaceAll('\\', '\\\\');
      person.say(`/watch odd.t${i} usage > 90 named "${escaped}"`, { chat: group.id });
    }
    await world.advance('5s');
    await takes(few.map(({ i }) => ({ type: `odd.t${i}`, subject: 'disk', data: { usage: 95 } })));
    await world.advance('5s');
    const burning = few.flatMap((one) => {
      const alert = one.person.seen(one.group.id).find(({ text }) => text.startsWith('🟠'));
      // Only a name of nothing is no name.
      if (!alert) expect(one.quoted.trim(), JSON.stringify(one.quoted)).toBe('');
      return alert ? [{ ...one, alert }] : [];
    });
    const pressed = burning.map(({ person, group }) =>
      person.press('Acknowledge', { chat: group.id, timeout: 60_000 }),
    );
    await world.advance('5s');
    await Promise.all(pressed);
    for (const { name, person, group, quoted, alert } of burning) {
      const line = alert.text.split('\n')[0]!.replace(/: disk$/, '');
      if (visible(quoted) !== '') expectSaid(line, '🟠 ', quoted);
      const now = person.seen(group.id).find(({ message_id }) => message_id === alert.message_id)!;
      const by = /Acknowledged by (.*), [^,]*$/mu.exec(now.text)?.[1];
      expect(by, `${JSON.stringify(name)}: ${now.text}`).toBeDefined();
      if (visible(name) !== '') expectSaid(by!, '', name);
    }
    for (const before of [
      '',
      '/watch ',
      '/watch odd.** where a = ',
      '/',
      '/silence ',
      '/quiet ',
      '/start ',
    ]) {
      for (const { person, text } of few) person.say(`${before}${text}`.slice(0, before ? 4096 : 100_000));
      await world.advance('5s');
    }
  }
  await siege.allIsWell();
}, 600_000);
