// Somebody always owns it, and what somebody switched off by hand stays off when they say hello.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { disableReceiver } from '#operations/disable-receiver.ts';
import { erasePerson } from '#operations/erase-person.ts';
import { join } from '#operations/join.ts';
import { peopleHere } from '#store/people.ts';
import { receiversOf } from '#store/receivers.ts';
import { addPerson, asActor, noon, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

it('of two owners who leave at the same moment one stays', async () => {
  const { world } = stage;
  const { person: first } = await addPerson(world, 'Ana', 'owner');
  for (let round = 0; round < 5; round++) {
    const others = await Promise.all(['Ben', 'Cleo'].map((name) => addPerson(world, name, 'owner')));
    const here = await world.database.db.transaction((tx) => peopleHere(tx, ['owner']));
    const leaving = [...here.map(({ id }) => id)].map((personId) => {
      const one = [first, ...others.map(({ person }) => person)].find(({ id }) => id === personId);
      const role = 'owner' as const;
      const actor = one ? asActor(one) : ({ is: 'person', personId, name: 'Somebody', role } as const);
      return erasePerson(world, actor, { personId }, noon);
    });
    const left = await Promise.all(leaving);
    expect(left.filter(({ ok }) => !ok)).toMatchObject([{ code: 'conflict' }]);
    expect(await world.database.db.transaction((tx) => peopleHere(tx, ['owner']))).toHaveLength(1);
  }
});

it('hello switches on what was blocked, and not what its owner switched off', async () => {
  const { world } = stage;
  const { person, receiver } = await addPerson(world, 'Ana');
  const chatId = Number(receiver.address);
  const hello = () => join(world, { telegramId: person.telegramId, name: 'Ana', chatId, owners: [] }, noon);
  const reason = async () =>
    (await receiversOf(world.database.db, [person.id])).map(({ disabled }) => disabled);
  await disableReceiver(world, asActor(person), { receiverId: receiver.id, why: 'blocked' }, noon);
  expect(await hello()).toMatchObject({ ok: true, how: 'known' });
  expect(await reason()).toEqual([null]);
  await disableReceiver(world, asActor(person), { receiverId: receiver.id }, noon);
  expect(await hello()).toMatchObject({ ok: true, how: 'known' });
  expect(await reason()).toEqual(['switched off by its owner']);
});
