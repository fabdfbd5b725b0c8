// A program pushes JSON of its own: Ana gives it a key in chat, and says there what its fields mean.
import { expect } from 'vitest';
import { erasePerson } from '#operations/erase-person.ts';
import { story } from './story.ts';

story('Ana gives out a key, a strange body waits, and she explains it by presses', async (world) => {
  const { ana, ben } = world;
  await world.enrols(ana);
  await world.enrols(ben);
  await ana.says('/sources');
  await ana.presses('What pushes');
  await ana.presses('Give out a key');
  await ana.says('?!');
  ana.expects('has 1 to 100 letters');
  await ana.says('nas');
  const made = ana.expects('Its key, shown only now:');
  const key = /\btk_\S+|k_\S+_\S+/.exec(made.text)?.[0] ?? made.text.split('\n')[1]!.trim();
  const push = async (body: object) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await world.app.request('/v1/in/mapped', {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    await world.settle();
    return answer.status;
  };
  await ana.presses('What its fields mean');
  ana.expects('no sample has come yet');
  expect(await push({ event: 'disk', host: 'cad1', room: 'cellar', state: 'down', message: 'it hums' })).toBe(
    202,
  );
  await ana.presses('What its fields mean');
  const guess = ana.expects('What the fields of nas mean:');
  expect(guess.text).toContain('nas.disk · cad1 · firing');
  await ana.presses('What it is about');
  await ana.says('{room');
  ana.expects('must be text with paths in braces');
  await world.restarts();
  await ana.presses('room · cellar');
  expect(ana.expects('nas.disk · cellar').text).toContain('it hums');
  await ana.says('/watch nas.* every');
  ana.expects('Saved');
  await ana.presses('Use it');
  ana.expects('what waited is read again');
  ana.expects('cellar');

  await ana.presses(/* the newest screen of nas */ { data: dataOf(ana, 'Back') });
  expect(ana.expects('These may push:').text).toContain('nas · last used');
  await ana.presses('nas');
  await ana.presses({ data: dataOf(ana, 'Renew') });
  ana.expects('The old key is good until');
  await ana.presses({ data: dataOf(ana, 'Revoke') });
  ana.expects('is refused from that moment');
  expect((await ana.presses('Yes, revoke it')).text).toBe('It is good no longer.');
  await ben.says('/sources');
  expect(ben.expects('You wait for no job yet').text).not.toContain('push');
});

/** What stands behind the newest button that begins so. */
function dataOf(one: { seen(): { reply_markup?: unknown }[] }, label: string): string {
  const all = one.seen().flatMap(({ reply_markup: markup }) => {
    const rows = (markup as { inline_keyboard?: { text: string; callback_data?: string }[][] } | undefined)
      ?.inline_keyboard;
    return rows?.flat() ?? [];
  });
  return all.filter(({ text }) => text.startsWith(label)).at(-1)?.callback_data ?? '';
}

story(
  'an admin who leaves has made keys: the others hear which, and revoke them by a press',
  async (world) => {
    const { ana, ben } = world;
    await world.enrols(ana);
    const id = await world.enrols(ben);
    await world.rooms.world.database.sql`update people set role = 'admin' where id = ${id}`;
    await ben.says('/sources');
    await ben.presses('What pushes');
    await ben.presses('Give out a key');
    await ben.says('nas');
    ben.expects('Its key, shown only now:');
    await ana.says('/sources');
    await ana.presses('What pushes');
    await ana.presses('nas');
    expect(ana.expects('made by Ben').text).toContain('· good ·');
    const operator = { is: 'operator', name: 'the story' } as const;
    await erasePerson(world.rooms.world, operator, { personId: id }, world.now());
    await world.advance('20m');
    ana.expects(/Somebody who has left made keys that are still good: nas \(…\w{4}\)\./);
    await ana.says('/sources');
    await ana.presses('What pushes');
    expect(ana.expects('Keys made by somebody who has left, still good: nas.').text).not.toContain('Ben');
    await ana.presses('nas');
    ana.expects('made by somebody who has left');
    const [key] = await world.rooms.world.database
      .sql`select right(id, 4) as tail from keys where created_by like 'person:%'`;
    await ana.presses(`Revoke …${key!.tail}`);
    await ana.presses('Yes, revoke it');
    expect(ana.expects('· revoked ·').text).not.toContain('· good ·');
  },
);
