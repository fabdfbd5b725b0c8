// The page that is kept open, in a real browser: the list, the notifications and whether they sound, the line that breaks.
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offerBrowser } from '#operations/offer-browser.ts';
import { setQuietHours } from '#operations/set-quiet-hours.ts';
import { silenceAlerts } from '#operations/silence-alerts.ts';
import { type OpenDoor, openDoor } from '../../src/http.ts';
import { canBrowse, openPage, pictures } from '../harness/browser.ts';
import { readEvents } from '../harness/event-source.ts';
import { until } from '../harness/until.ts';
import { type StoryWorld, startWorld } from '../harness/world.ts';

const operator = { is: 'operator' as const, name: 'operator' };
const possible = canBrowse();
let world: StoryWorld;
let door: OpenDoor;
let ana: string;
let ben: string;

beforeAll(async () => {
  world = await startWorld({ limits: 'off' });
  ana = await world.enrols(world.ana);
  ben = await world.enrols(world.ben);
  await world.makesRule(world.ana, {
    name: 'Disk nearly full',
    topic: 'disk.usage',
    kind: 'threshold',
    params: { field: 'usage', op: '>', limit: 90 },
  });
  await world.makesRule(world.ben, { name: 'Ben’s money', topic: 'money', kind: 'every' });
  door = await openDoor(world.app, '127.0.0.1', 0);
}, 60_000);
afterAll(async () => {
  await world?.rooms.live.close();
  await door?.close(1_000);
  await world?.stop();
});

const disk = (subject: string, usage: number, severity = 'warning') =>
  world.post({ type: 'disk.usage', subject, severity, data: { usage } });

async function linkFor(personId: string): Promise<string> {
  const offered = await offerBrowser(world.rooms.world, operator, { ownerId: personId }, world.now());
  if (!offered.ok) throw new Error(offered.text);
  return offered.path;
}

/** Opens the page as a program would; resolves with its cookie. */
async function enters(personId: string): Promise<string> {
  const token = (await linkFor(personId)).split('/').at(-1);
  const answer = await fetch(`${door.url}/app/live/enter`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
  return answer.headers.get('set-cookie')!.split(';')[0]!;
}

describe('the pass', () => {
  it('comes by a link that is good once, and is kept as a digest', async () => {
    const token = (await linkFor(ben)).split('/').at(-1);
    const enter = () =>
      fetch(`${door.url}/app/live/enter`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      });
    const answers = await Promise.all([enter(), enter(), enter()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 404, 404]);
    const cookie = answers.find(({ ok }) => ok)!.headers.get('set-cookie')!;
    expect(cookie).toMatch(
      /^tocsin_page=[\w-]{40,}; Path=\/app\/live; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure$/,
    );
    const value = /=([\w-]+)/.exec(cookie)![1]!;
    const rows = await world.rooms.world.database.sql`select * from passes`;
    expect(JSON.stringify(rows)).not.toContain(value);
    const page = await fetch(`${door.url}/app/live`, { headers: { cookie } });
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'/);
    expect((await fetch(`${door.url}/app/live`)).status).toBe(401);
    expect((await fetch(`${door.url}/app/live/stream`)).status).toBe(401);
  });

  it('shows what is theirs and what they are told, nobody else’s; and lets nobody press from another site', async () => {
    const cookie = await enters(ben);
    const reader = await readEvents(`${door.url}/app/live/stream`, { cookie });
    await until('it is ready', () => reader.heard.some(({ event }) => event === 'ready'));
    await disk('/private', 95);
    await world.post({ type: 'money', subject: 'ben', data: {} });
    await until('the change arrives', () => reader.heard.some(({ event }) => event === 'transition'));
    expect(JSON.stringify(reader.heard)).not.toContain('/private');
    reader.close();
    const [alert] = await world.rooms.world.database.sql`select id from alerts where subject = '/private'`;
    const press = (headers: Record<string, string>) =>
      fetch(`${door.url}/app/live/alerts/${alert!.id}/acknowledge`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', ...headers },
        body: '{}',
      });
    expect((await press({})).status).toBe(403);
    const own = await enters(ana);
    expect((await press({ cookie: own, origin: 'https://evil.example' })).status).toBe(403);
    expect((await press({ cookie: own, 'content-type': 'text/plain' })).status).toBe(403);
    expect((await press({ cookie: own })).status).toBe(200);
    const again = await press({ cookie: own });
    expect([again.status, ((await again.json()) as { detail: string }).detail]).toEqual([
      409,
      expect.stringMatching(/Ana/),
    ]);
    await disk('/private', 50);
  });

  it('is closed by who holds it, once, and that is noted', async () => {
    const cookie = await enters(ben);
    const leave = () =>
      fetch(`${door.url}/app/live/leave`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', origin: door.url },
      });
    const noted = () => world.rooms.world.database.sql`select actor from audit where verb = 'close-page'`;
    for (const _ of [1, 2]) expect((await leave()).status).toBe(200);
    expect((await noted()).map(({ actor }) => actor)).toEqual([`person:${ben}`]);
    expect((await fetch(`${door.url}/app/live/stream`, { headers: { cookie } })).status).not.toBe(200);
  });

  it('what is muted in the chat does not sound on the page', async () => {
    const reader = await readEvents(`${door.url}/app/live/stream`, { cookie: await enters(ana) });
    await until('it is ready', () => reader.heard.some(({ event }) => event === 'ready'));
    const tells = async (subject: string, severity?: string) => {
      await disk(subject, 95, severity);
      const found = await until('the change arrives', () =>
        reader.heard.find(({ data }) => data.alert?.subject === subject),
      );
      return found.data.tells;
    };
    expect(await tells('/a')).toBe('sound');
    expect(await tells('/b', 'info')).toBe('silent');
    const { rooms } = world;
    const quiet = { window: { from: 0, to: 1439 }, breakthrough: 'critical' as const };
    await setQuietHours(rooms.world, operator, { ownerId: ana, quiet }, world.now());
    expect(await tells('/c')).toBe('no');
    expect(await tells('/d', 'critical')).toBe('sound');
    await setQuietHours(rooms.world, operator, { ownerId: ana, quiet: null }, world.now());
    await silenceAlerts(rooms.world, operator, { ownerId: ana, for: 60_000 }, world.now());
    expect(await tells('/e')).toBe('no');
    await world.advance('2m');
    reader.close();
    for (const subject of ['/a', '/b', '/c', '/d', '/e']) await disk(subject, 50);
  });
});

describe.skipIf(!possible)('in a real browser', () => {
  let context: BrowserContext;
  let page: Page;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const opened = await openPage(800, 20_000);
    close = () => opened.browser.close();
    context = await opened.browser.newContext({
      viewport: { width: 1100, height: 800 },
      timezoneId: 'Europe/Berlin',
    });
    await context.grantPermissions(['notifications'], { origin: door.url });
    page = await context.newPage();
    // A window of its own for what is raised: a headless desktop shows none.
    await page.addInitScript(`window.raised = [];
      const Real = window.Notification;
      window.Notification = class extends Real {
        constructor(title, options) { super(title, options); window.raised.push({ title, ...options }); }
      };`);
  }, 60_000);
  afterAll(() => close?.());

  const raised = () => page.evaluate('window.raised') as Promise<{ title: string; silent: boolean }[]>;
  const look = async (name: string) => {
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width: 1100, height: 800 });
      await page.screenshot({ path: `${pictures}live-${name}-${scheme}.png` });
      await page.setViewportSize({ width: 390, height: 800 });
      await page.screenshot({ path: `${pictures}live-${name}-${scheme}-phone.png` });
    }
    await page.setViewportSize({ width: 1100, height: 800 });
  };

  it('one press on the page of the link opens the list, which keeps up, notifies, and acknowledges', async () => {
    await disk('/sarc/cad', 97, 'critical');
    await page.goto(`${door.url}${await linkFor(ana)}`);
    await look('link');
    await page.getByRole('button', { name: 'Open the list' }).click();
    await page.getByText('Disk nearly full: /sarc/cad').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await raised()).toEqual([]);
    await disk('/home', 93.5);
    await disk('/<b>bold</b>"x"', 91, 'info');
    await page.getByText('/<b>bold</b>').waitFor();
    const titles = await page.locator('#alerts h3').allTextContents();
    expect(titles).toEqual([
      'Disk nearly full: /sarc/cad',
      'Disk nearly full: /home',
      'Disk nearly full: /<b>bold</b>"x"',
    ]);
    expect((await raised()).map(({ title, silent }) => [title, silent])).toEqual([
      ['🟠 Disk nearly full: /home', false],
      ['🔵 Disk nearly full: /<b>bold</b>"x"', true],
    ]);
    await page
      .locator('li')
      .filter({ hasText: '/home' })
      .getByRole('button', { name: 'Acknowledge' })
      .click();
    await page.getByText('Ana knows').waitFor();
    await world.settle();
    world.ana.expects(/\/home[\s\S]*Ana/);
    await disk('/sarc/cad', 50);
    await page.locator('#over').getByText('/sarc/cad').waitFor();
    expect((await raised()).at(-1)).toMatchObject({
      title: '🟢 Over: Disk nearly full: /sarc/cad',
      silent: true,
    });
    await look('list');
  }, 120_000);

  it('a line that breaks is said, and what happened meanwhile comes once, without a reload', async () => {
    const before = (await raised()).length;
    const port = door.port;
    await world.rooms.live.close();
    await door.close(100);
    await page.getByText('The server cannot be reached').waitFor();
    await look('lost');
    await world.restarts();
    await disk('/while-away', 99, 'critical');
    door = await openDoor(world.app, '127.0.0.1', port);
    await page.locator('#alerts').getByText('/while-away').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    const since = (await raised()).slice(before);
    expect(since.map(({ title }) => title)).toEqual(['🔴 Disk nearly full: /while-away']);
    expect(await page.locator('#alerts h3').count()).toBe(3);
  }, 120_000);

  it('by the keyboard: after an acknowledgement the next alert has the focus, and what stood there stays', async () => {
    for (const subject of ['/k1', '/k2', '/k3']) await disk(subject, 99);
    await page.locator('#alerts').getByText('/k3').waitFor();
    await page.evaluate(`for (const li of document.querySelectorAll('#alerts li')) li.stood = true`);
    await page.getByRole('button', { name: 'Acknowledge Disk nearly full: /k2' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('li').filter({ hasText: '/k2' }).getByText('Ana knows').waitFor();
    await page.waitForFunction(`document.activeElement.tagName === 'BUTTON'`);
    const focused = await page.evaluate(`document.activeElement.getAttribute('aria-label')`);
    const titles = await page.locator('#alerts h3').allTextContents();
    const open = titles.filter((title) => !title.endsWith('/k2'));
    const after = titles.slice(titles.indexOf('Disk nearly full: /k2') + 1);
    expect(focused).toBe(`Acknowledge ${after[0] ?? open.at(-1)}`);
    expect(
      await page.evaluate(`[...document.querySelectorAll('#alerts li')].filter((li) => !li.stood).length`),
    ).toBe(1);
    for (const subject of ['/k1', '/k2', '/k3']) await disk(subject, 10);
    await page.locator('#alerts').getByText('/k1').waitFor({ state: 'detached' });
  }, 60_000);

  it('what could not be done while the line was broken is no longer said when it is back', async () => {
    await disk('/far', 99);
    await page.locator('#alerts').getByText('/far').waitFor();
    await context.setOffline(true);
    await page.getByText('This device is offline').waitFor();
    await page.getByRole('button', { name: 'Acknowledge Disk nearly full: /far' }).click();
    await page.getByText('It was not acknowledged').waitFor();
    await context.setOffline(false);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText('It was not acknowledged').waitFor({ state: 'hidden' });
    await disk('/far', 10);
    await page.locator('#alerts').getByText('/far').waitFor({ state: 'detached' });
  }, 60_000);

  it('closed for good, the browser is not known any more; an empty list says so', async () => {
    for (const subject of ['/home', '/<b>bold</b>"x"', '/while-away']) await disk(subject, 10);
    await page.getByText('Nothing burns.').waitFor();
    await look('empty');
    await page.getByRole('button', { name: 'Close this page for good' }).click();
    await page.getByText('This browser is not known here').waitFor();
    const [left] = await world.rooms.world.database
      .sql`select count(*)::int as n from passes where label like '%Chrome%'`;
    expect(left!.n).toBe(0);
  }, 60_000);
});

it('how the chat is wished to be told, the page is, too: how bad, how much, of what', async () => {
  await world.advance('1h');
  const reader = await readEvents(`${door.url}/app/live/stream`, { cookie: await enters(ana) });
  await until('it is ready', () => reader.heard.some(({ event }) => event === 'ready'));
  const { rooms } = world;
  const tells = async (subject: string, severity?: string) => {
    await disk(subject, 95, severity);
    const found = await until('the change arrives', () =>
      reader.heard.find(({ data }) => data.alert?.subject === subject),
    );
    return found.data.tells;
  };
  // How they want to be told in the chat, they want to be told here: how bad, when, how much, and of what.
  const { sql } = rooms.world.database;
  const styled = (style: object) =>
    sql`update receivers set style = ${JSON.stringify(style)}::text::jsonb where owner_id = ${ana}`;
  await styled({ least: 'critical' });
  expect(await tells('/f')).toBe('no');
  expect(await tells('/g', 'critical')).toBe('sound');
  await styled({ caps: { hour: 1 } });
  await world.advance('1m');
  expect(await tells('/h')).toBe('no');
  await styled({ digest: true });
  expect(await tells('/i')).toBe('no');
  await styled({});
  expect(await tells('/j')).toBe('sound');
  await sql`insert into opt_outs (owner_id, channel, topic, digest, created_at) values (${ana}, '*', 'disk.**', false, now())`;
  expect(await tells('/k')).toBe('no');
  await sql`delete from opt_outs`;
  reader.close();
});
