// Who speaks is asked for beside the keeping of an update; what was asked counts only for the same question.
import type { Update } from '@grammyjs/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openForesight } from '#chat/foresight.ts';
import { addButtons } from '#store/buttons.ts';
import { addPerson, noon, openStage, type Stage } from '../operations/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

const press = (telegramId: number, data: unknown) =>
  ({
    update_id: 1,
    callback_query: {
      id: '1',
      from: { id: telegramId, is_bot: false, first_name: 'A' },
      message: { message_id: 1, date: 0, chat: { id: telegramId, type: 'private' } },
      chat_instance: '1',
      data,
    },
  }) as unknown as Update;

it('answers with what was asked for as the update came in', async () => {
  const { world } = stage;
  const { person } = await addPerson(world, 'Ana');
  const button = { id: 'b1', action: 'acknowledge', alertId: null, rev: null, payload: null };
  await addButtons(world.database.db, [{ ...button, chatId: person.telegramId, expiresAt: noon }]);
  const foresight = openForesight(world, () => noon);
  const [update, clean] = [press(person.telegramId, 'b1'), press(person.telegramId, 'b1')];
  foresight.look(update);
  foresight.pass(update, clean);
  const said = { telegramId: person.telegramId, groupChat: undefined, button: 'b1' };
  // It is on its way: what happens to the row now comes too late for it.
  await foresight.whoSpeaks(update, said);
  await world.database.sql`delete from buttons where id = 'b1'`;
  expect(await foresight.whoSpeaks(clean, said)).toMatchObject({
    person: { name: 'Ana' },
    button: { id: 'b1' },
  });
  expect((await foresight.whoSpeaks(clean, { ...said, telegramId: undefined })).person).toBeUndefined();
  expect((await foresight.whoSpeaks(press(person.telegramId, 'b1'), said)).button).toBeUndefined();
});

it('asks anew for what waited: somebody may be nobody here any more', async () => {
  const { world } = stage;
  const { person } = await addPerson(world, 'Cleo');
  let now = noon;
  const foresight = openForesight(world, () => now);
  const said = { telegramId: person.telegramId, groupChat: undefined, button: 'b2' };
  const update = press(person.telegramId, 'b2');
  foresight.look(update);
  await foresight.whoSpeaks(update, said);
  await world.database
    .sql`update people set left_at = ${new Date(noon).toISOString()} where id = ${person.id}`;
  now += 1_000;
  expect((await foresight.whoSpeaks(update, said)).person?.leftAt).toBeNull();
  for (now of [noon + 1_001, noon - 1_001])
    expect((await foresight.whoSpeaks(update, said)).person?.leftAt).toBe(noon);
});

it('bears with what is no update, and asks anew when the ledger could not answer', async () => {
  const { world } = stage;
  const { person } = await addPerson(world, 'Ben');
  const foresight = openForesight(world, () => noon);
  for (const what of [{}, { message: 'x' }, { message: { chat: null } }, press(1, 7), press(1e300, 'b')])
    foresight.look(what as unknown as Update);
  const hostile = press(1e300, 'b');
  foresight.look(hostile);
  await expect(
    foresight.whoSpeaks(hostile, { telegramId: 1e300, groupChat: undefined, button: 'b' }),
  ).rejects.toThrow();
  const said = { telegramId: person.telegramId, groupChat: undefined, button: undefined };
  expect((await foresight.whoSpeaks(hostile, said)).person?.name).toBe('Ben');
});
