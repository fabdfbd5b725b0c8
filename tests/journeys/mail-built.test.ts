// What is loaded only when it is first needed is there in the program as it is built: mails, and keys for browsers.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AppProcess, startAppProcess } from '../harness/app-process.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { type RemotePerson, remoteTelegram } from '../harness/telegram-client.ts';
import { until } from '../harness/until.ts';
import { readMail } from '../notify/stand-ins/places.ts';
import { openPostOffice, type PostOffice } from '../notify/stand-ins/post-office.ts';

const data = temporaryFolder('mail-built');
let office: PostOffice;
let app: AppProcess;
let ana: RemotePerson;

beforeAll(async () => {
  office = await openPostOffice();
  app = await startAppProcess(data.path, {
    OWNER_IDS: '7001',
    SMTP_URL: office.url.href,
    SMTP_FROM: 'Tocsin <alerts@example.org>',
  });
  ana = await remoteTelegram(app.url).person(7001, { first_name: 'Ana' });
  await ana.start();
  await reads(/Hello Ana/);
}, 120_000);

afterAll(async () => {
  await app?.stop();
  await office?.close();
  data.remove();
}, 60_000);

/** All that stands in her chat, with its buttons. */
const chat = async () =>
  JSON.stringify((await ana.seen()).map(({ text, reply_markup }) => [text, reply_markup]));
const reads = (words: RegExp) => until(`Ana reads ${words}`, async () => words.test(await chat()));
async function presses(label: string) {
  await reads(new RegExp(`"${label}"`));
  await ana.press(label);
}

it('a mail is sent by the built program, and the code in it confirms the address', async () => {
  await ana.say('/channels');
  await presses('Add a channel');
  await presses('E-mail');
  await reads(/E-mail address/);
  await ana.say('ana@example.org');
  await until('the mail is there', () => office.mails.length > 0);
  expect(office.mails[0]).toMatchObject({ to: 'ana@example.org', from: 'alerts@example.org' });
  await reads(/A code of six digits was sent to/);
  await ana.say(/^(\d{6}) is the code/m.exec(readMail(office.mails[0]!.raw))![1]!);
  await reads(/Confirmed\. It is told from now on\./);
}, 60_000);

it('a browser is given the key of this installation by the built program', async () => {
  await ana.say('/channels');
  await presses('Add a channel');
  await presses('Browser');
  await reads(/app\/notifications\//);
  const page = await fetch(app.url + /\/app\/notifications\/[\w.-]+/.exec(await chat())![0]);
  expect(page.status).toBe(200);
  expect(await page.text()).toMatch(/data-key="[\w-]{87}"/);
}, 60_000);
