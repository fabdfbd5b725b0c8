// Somebody leaves: what is theirs ends at once, others go on, and in the end nothing in the ledger names them.
import { expect } from 'vitest';
import { offerBrowser } from '#operations/offer-browser.ts';
import { openPage } from '#operations/open-page.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

/** Every row of every table as one text. */
async function dump(world: StoryWorld): Promise<string> {
  const { sql } = world.rooms.world.database;
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public'`;
  const parts = await Promise.all(
    tables.map(
      async ({ name }) => `${name}: ${JSON.stringify(await sql.unsafe(`select t::text from "${name}" t`))}`,
    ),
  );
  return parts.join('\n');
}

const operator = { is: 'operator', name: 'the story' } as const;
const disk = (subject: string, usage: number) => ({ type: 'disk.usage', subject, data: { usage } });
const rule = {
  name: 'Disk nearly full',
  topic: 'disk.usage',
  kind: 'threshold',
  params: { field: 'usage', op: '>', limit: 90 },
};

/** Ben uses everything that keeps something of him. */
async function livesHere(world: StoryWorld): Promise<{ id: string; page: string }> {
  const { ben, ana, rooms } = world;
  await world.enrols(ana);
  const id = await world.enrols(ben);
  const { sql } = rooms.world.database;
  await sql`update people set name = 'Benedikta Zwickel', username = 'benzwick' where id = ${id}`;
  const [home] = await sql<{ id: string }[]>`select id from receivers where owner_id = ${id}`;
  await world.makesRule(ben, rule);
  const shared = await world.makesRule(ana, { ...rule, name: 'Any loss', topic: 'net.loss' });
  await sql`update rules set "to" = ("to" || ${JSON.stringify([home!.id])}::text::jsonb) where id = ${shared.id}`;
  await sql`update markers set value = value + 1 where name = 'rules'`;
  await sql`update rules set version = (select value from markers where name = 'rules') where id = ${shared.id}`;
  await ben.says('/my blocks cpu, gpu');
  await ben.says('/settings');
  await world.post([disk('/home', 95), { type: 'net.loss', subject: 'uplink', data: { usage: 99 } }]);
  await ben.says('/alerts');
  const actor = { is: 'person', personId: id, name: 'Benedikta Zwickel', role: 'member' } as const;
  const page = await openPage(rooms.world, actor, { personId: id, label: 'Firefox' }, world.now());
  if (!page.ok) throw new Error(page.text);
  return { id, page: page.token };
}

/** After the last words, nothing of him is left. */
async function nothingIsLeft(world: StoryWorld, id: string): Promise<void> {
  await world.advance('11m');
  const all = await dump(world);
  for (const word of ['Benedikta', 'Zwickel', 'benzwick', '7002'])
    expect(all.match(new RegExp(`.{0,120}${word}.{0,60}`, 'g')) ?? [], word).toEqual([]);
  const { sql } = world.rooms.world.database;
  expect(await sql`select 1 from people where id = ${id}`).toHaveLength(0);
  expect(await sql`select 1 from receivers where owner_id = ${id}`).toHaveLength(0);
  expect(await world.wrongs()).toEqual([]);
}

story(
  'Ben leaves by himself: he is asked first, hears what still burns, and is a stranger then',
  async (world) => {
    const { ana, ben } = world;
    const { id, page } = await livesHere(world);
    await ben.says('/forget');
    expect(ben.expects('have everything that is yours deleted').text).toContain('Your rule ends');
    await ben.presses('Delete everything of mine');
    const last = ben.expects('You have left');
    expect(last.text).toContain('This still burns');
    expect(last.text).toMatch(/uplink/);
    ana.expects('Somebody who was told by your rules has left: “Any loss”');
    // His page, and everything else that let him in, is dead at once.
    const answer = await world.app.request('/app/live', { headers: { cookie: `tocsin_page=${page}` } });
    expect(answer.status).toBe(401);
    // Others go on: Ana hears of the end of what he heard, too.
    await world.post({ type: 'net.loss', subject: 'uplink', data: { usage: 1 } });
    ana.expects(/uplink/);
    await world.post(disk('/home', 99));
    await nothingIsLeft(world, id);
    await ben.says('hello');
    await ben.says('/alerts');
    ben.expects(/invited|invitation/);
  },
);

story(
  'Ana, the owner, removes Ben; a second press and a wrong person change nothing; he can come back as somebody new',
  async (world) => {
    const { ana, ben } = world;
    const { id } = await livesHere(world);
    await ana.says('/members');
    ana.expects('Who uses this Tocsin: 2');
    await ana.presses('Benedikta Zwickel');
    ana.expects('Remove Benedikta Zwickel?');
    await ana.presses('Remove them');
    expect(ana.expects('Removed. One rule ended').text).toContain('Who uses this Tocsin: 1');
    ben.expects('You were removed from this Tocsin');
    const gone = await world.app.request(`/v1/members/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${world.key}` },
    });
    expect(gone.status).toBe(404);
    await nothingIsLeft(world, id);
    const again = await world.enrols(ben);
    expect(again).not.toBe(id);
    await world.advance('11m');
    expect(await world.rooms.world.database.sql`select 1 from people where id = ${again}`).toHaveLength(1);
  },
);

story(
  'the last owner stays; over HTTP a member goes like in the chat; a link made before is dead',
  async (world) => {
    const { ana } = world;
    const { id } = await livesHere(world);
    await ana.says('/forget');
    ana.expects('have everything that is yours deleted');
    expect((await ana.presses('Delete everything of mine')).text).toMatch(/own this Tocsin/);
    const link = await offerBrowser(world.rooms.world, operator, { ownerId: id }, world.now());
    if (!link.ok) throw new Error(link.text);
    const ask = (method: string, path: string) =>
      world.app.request(path, { method, headers: { authorization: `Bearer ${world.key}` } });
    const listed = (await (await ask('GET', '/v1/members')).json()) as { members: { owner: string }[] };
    expect(listed.members.map(({ owner }) => owner)).toEqual(['telegram:7001', 'telegram:7002']);
    const done = await ask('DELETE', '/v1/members/telegram:7002');
    expect([done.status, await done.json()]).toMatchObject([200, { rules: 1, others: 1 }]);
    await world.settle();
    expect((await world.app.request(link.path)).status).toBe(200);
    const enter = await world.app.request('/app/live/enter', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: link.path.split('/').at(-1) }),
    });
    expect(enter.status).toBe(404);
    await nothingIsLeft(world, id);
  },
);
