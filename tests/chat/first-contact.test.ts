// From the deep link to a rule: the whole way in one message, with every way back.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findPersonByTelegram } from '#store/people.ts';
import { rulesOf } from '#store/rules.ts';
import { disks, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.seen([...disks, { type: 'host.alive', subject: 'cad1', data: { state: 'Hired' } }]);
});
afterAll(() => stage.end());

it('goes from an invitation to a saved rule, in one message', async () => {
  const ana = await stage.person(7001, 'Ana');
  console.log(stage.screen(7001));
  console.log(await stage.go(ana, 'That’s right'));
  console.log(await stage.go(ana, 'disk.usage'));
  console.log(await stage.go(ana, 'usage · now'));
  console.log(await stage.go(ana, '90'));
  console.log(await stage.go(ana, '5 min'));
  console.log(await stage.go(ana, 'warning'));
  console.log(await stage.go(ana, 'Save'));
  console.log(stage.errors, stage.refused());
  const person = await findPersonByTelegram(stage.db, 7001);
  console.log(await rulesOf(stage.db, [person!.id]));
  console.log(await stage.say(ana, '/rules'));
  console.log(await stage.say(ana, '/alerts'));
  console.log(await stage.say(ana, '/watch disk.usage usage >> 90'));
  console.log(await stage.go(ana, 'Yes'));
  console.log(await stage.say(ana, '/help'));
  console.log(await stage.say(ana, '/settings'));
  console.log(await stage.say(ana, '/quiet 22-7'));
  console.log(await stage.say(ana, '/silence disk.usage 2h'));
  console.log(await stage.say(ana, '/silence'));
  console.log(await stage.say(ana, '/start'));
  console.log(await stage.say(ana, '/ruels'));
  console.log(await stage.say(ana, 'hello'));
  expect(stage.errors).toEqual([]);
});
