// E-mail through a real SMTP server: confirmed first, threaded by alert, acknowledged by a press, and every failure's class.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/actor.ts';
import type { Alert } from '../../src/core/alert.ts';
import { styleDocument } from '../../src/core/style.ts';
import type { Told } from '../../src/notify/channel.ts';
import { subjectOf } from '../../src/notify/mail.ts';
import { mailOutcome } from '../../src/notify/mail-outcome.ts';
import { mailPages } from '../../src/notify/mail-pages.ts';
import { sendPlainMail } from '../../src/notify/plain-mail.ts';
import { sendBySmtp } from '../../src/notify/smtp.ts';
import { addReceiver } from '../../src/operations/add-receiver.ts';
import { removeReceiver } from '../../src/operations/remove-receiver.ts';
import { resendCode } from '../../src/operations/send-code.ts';
import { verifyReceiver } from '../../src/operations/verify-receiver.ts';
import { enableReceiver, findReceiver, saveStyle } from '../../src/store/receivers.ts';
import { freePort } from '../harness/free-port.ts';
import { openStage, type Stage, unmet } from './stage.ts';
import { readMail } from './stand-ins/places.ts';
import { openPostOffice, type PostOffice } from './stand-ins/post-office.ts';

let stage: Stage;
let office: PostOffice;
const actor: Actor = { is: 'person', personId: 'p_1', name: 'P1', role: 'member' };
const from = 'Tocsin <alerts@example.org>';

beforeAll(async () => {
  office = await openPostOffice();
  stage = await openStage({ limits: 'off', gateways: { mail: { url: office.url, from } } });
  await stage.person(1);
});
afterAll(async () => {
  await stage.close();
  await office.close();
});

const now = () => stage.clock.now;
const header = (raw: string, name: string) =>
  new RegExp(`^${name}: ((?:.|\\r\\n[ \\t])*)`, 'im').exec(raw)?.[1]?.replace(/\r\n[ \t]/g, ' ');
async function add(label: string, address = `${label}@example.org`) {
  const input = { ownerId: 'p_1', channel: 'email', contact: { address }, label };
  const added = await addReceiver(stage.world, stage.book, actor, input, now());
  if (!added.ok) throw new Error(added.text);
  await stage.settle();
  return added;
}
const codeIn = (raw: string) => /^(\d{6}) is the code/m.exec(readMail(raw))![1]!;
async function confirmed(label: string) {
  const { id } = await add(label);
  const code = codeIn(office.mails.at(-1)!.raw);
  const done = await verifyReceiver(stage.world, actor, { receiverId: id, code }, now());
  if (!done.ok) throw new Error(done.text);
  return id;
}

describe('an address', () => {
  it('is told nothing but a code until its owner gives the code back', async () => {
    const { id, waits } = await add('first');
    expect(waits).toBe(true);
    const [mail] = office.mails;
    expect(mail).toMatchObject({ to: 'first@example.org', from: 'alerts@example.org', secure: true });
    expect(header(mail!.raw, 'List-Unsubscribe')).toBeUndefined();
    await stage.fire('/home', [id]);
    await stage.settle();
    expect(office.mails).toHaveLength(1);
    const code = codeIn(mail!.raw);
    const dump = JSON.stringify([
      await stage.database.sql`select * from notifications`,
      await stage.database.sql`select * from confirmations`,
    ]);
    expect(dump).not.toContain(code);
    const wrong = code === '000000' ? '000001' : '000000';
    const give = (text: string) => verifyReceiver(stage.world, actor, { receiverId: id, code: text }, now());
    expect(await give(wrong)).toMatchObject({ code: 'invalid' });
    expect(await give(`${code.slice(0, 3)} ${code.slice(3)}`)).toMatchObject({ ok: true });
    expect(await give(code)).toMatchObject({ code: 'conflict' });
    await stage.fire('/srv', [id]);
    await stage.settle();
    expect(office.mails).toHaveLength(2);
  });

  it('cannot be confirmed by guessing, late, or with an older code', async () => {
    const { id } = await add('guessed');
    const first = codeIn(office.mails.at(-1)!.raw);
    const give = (code: string, at = now()) =>
      verifyReceiver(stage.world, actor, { receiverId: id, code }, at);
    for (let i = 0; i < 5; i++) await give('x');
    expect(await give(first)).toMatchObject({ code: 'conflict', text: expect.stringContaining('too often') });
    expect(await resendCode(stage.world, actor, { receiverId: id }, now())).toMatchObject({
      code: 'conflict',
    });
    stage.clock.now += 61_000;
    expect(await resendCode(stage.world, actor, { receiverId: id }, now())).toMatchObject({ ok: true });
    await stage.settle();
    const second = codeIn(office.mails.at(-1)!.raw);
    expect(await give(second, now() + 31 * 60_000)).toMatchObject({ code: 'conflict' });
    if (first !== second) expect(await give(first)).toMatchObject({ code: 'invalid' });
    expect(await give(second)).toMatchObject({ ok: true });
  });

  it('a person has so many codes sent in a day, whoever gets them; somebody else has their own', async () => {
    const adds = async (personId: string, name: string) => {
      const who = { is: 'person', personId, name: personId, role: 'member' } as const;
      const contact = { address: `${name}@example.org` };
      const input = { ownerId: personId, channel: 'email', contact, label: name };
      const added = await addReceiver(stage.world, stage.book, who, input, now());
      if (added.ok) await removeReceiver(stage.world, who, { receiverId: added.id }, now());
      return added;
    };
    for (const id of [2, 3]) await stage.person(id);
    for (let n = 0; n < 30; n++) expect(await adds('p_2', `many${n}`)).toMatchObject({ ok: true });
    expect(await adds('p_2', 'onemore')).toMatchObject({
      code: 'conflict',
      text: expect.stringMatching(/24 hours/),
    });
    expect(await adds('p_3', 'other')).toMatchObject({ ok: true });
    stage.clock.now += 86_400_000;
    const later = await addReceiver(
      stage.world,
      stage.book,
      { ...actor, personId: 'p_2' },
      { ownerId: 'p_2', channel: 'email', contact: { address: 'later@example.org' } },
      now(),
    );
    expect(later).toMatchObject({ ok: true });
  });

  it.each([
    'ana',
    'ana@',
    'ana@example',
    'a b@example.org',
    'ana@example.org\r\nBcc: x@y.z',
    '"a"@x.y',
    'ana@example.org,ben@example.org',
  ])('%j is refused', async (address) => {
    const input = { ownerId: 'p_1', channel: 'email', contact: { address } };
    expect(await addReceiver(stage.world, stage.book, actor, input, now())).toMatchObject({
      code: 'invalid',
    });
  });
});

describe('a mail', () => {
  it('has one subject, text and HTML, and hangs together with the others of its alert', async () => {
    const id = await confirmed('thread');
    office.mails.length = 0;
    const alert = await stage.fire('/home', [id], { title: 'Disk <b>full</b>\r\nBcc: eve@example.org' });
    await stage.settle();
    await stage.step(alert, unmet(), [id]);
    await stage.settle();
    const [fired, over] = office.mails.map(({ raw }) => raw);
    for (const raw of [fired!, over!]) {
      expect(header(raw, 'In-Reply-To')).toBe(`<alert.${alert.id}@example.org>`);
      expect(header(raw, 'References')).toBe(`<alert.${alert.id}@example.org>`);
      expect(header(raw, 'Bcc')).toBeUndefined();
      expect(raw.split('\r\n\r\n')[0]).not.toContain('\neve');
      expect(header(raw, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
      expect(raw.replace(/=\r\n/g, '')).toContain('&lt;b&gt;full&lt;/b&gt;');
    }
    expect(header(fired!, 'Message-ID')).not.toBe(header(over!, 'Message-ID'));
    expect(readMail(fired!)).toContain('93.5, limit 90');
    // Whoever reads it later would read something wrong.
    expect(readMail(fired!)).toMatch(/^Since [\d:]+$/m);
    expect(readMail(fired!)).toMatch(/Acknowledge: https:\/\/tocsin\.example\/mail\/\S+/);
    expect(readMail(over!)).not.toContain('Acknowledge:');
  });

  it('says in its subject that it may be a repeat, in one line whatever happens', () => {
    const told: Told = {
      sign: '🔴',
      severity: 'critical',
      title: 'a\nb\r\u0000c\u202e'.repeat(90),
      lines: [],
      fields: [],
      buttons: [],
      silent: false,
      mark: 'x',
    };
    expect(subjectOf(told)).toMatch(/^🔴 a b c[^\r\n\u0000\u202e]*\(possible repeat\)$/);
    expect(subjectOf({ ...told, sign: '', title: '', mark: null })).toBe('Tocsin');
  });
});

describe('the links', () => {
  const pages = () => mailPages(stage.world, () => stage.clock.now);
  const ask = (url: string, method = 'GET') => pages()(new Request(url, { method }));
  const linkIn = (raw: string, what: string) =>
    new RegExp(`${what}: (https://\\S+)`).exec(readMail(raw))![1]!;

  it('acknowledge by a press on the page, not by being opened', async () => {
    const id = await confirmed('links');
    const alert = await stage.fire('/home', [id]);
    await stage.settle();
    const link = linkIn(office.mails.at(-1)!.raw, 'Acknowledge');
    for (const method of ['GET', 'HEAD', 'GET']) expect((await ask(link, method)).status).toBe(200);
    const state = async () => (await stage.alerts()).find((one) => one.id === alert.id)!;
    expect((await state()).status).toBe('firing');
    const page = await ask(link);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await page.text();
    // Otherwise the browser asks for one that is not there.
    expect(text).toContain('<link rel="icon" href="data:');
    expect(page.headers.get('content-security-policy')).toContain('img-src data:');
    expect(text).toContain('<button type="submit">Acknowledge');
    expect(text).toMatch(/<h1>[^<]*: \/home<\/h1>/);
    expect((await ask(link, 'POST')).status).toBe(200);
    expect(await state()).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'P1' });
    expect(await (await ask(link)).text()).toContain('P1 has acknowledged it already');
    expect((await ask(`${link}x`, 'POST')).status).toBe(404);
    expect((await ask(`https://tocsin.example/mail/${'x'.repeat(50)}.y`)).status).toBe(404);
    stage.clock.now += 8 * 86_400_000;
    expect((await ask(link, 'POST')).status).toBe(404);
  });

  it('acknowledge everything of a mail that tells several, by one press', async () => {
    const id = await confirmed('gathered');
    await saveStyle(stage.db, id, styleDocument.parse({ gather: [{ wait: '5m' }] }));
    const alerts: Alert[] = [];
    for (const name of ['/a', '/b', '/c']) alerts.push(await stage.fire(name, [id]));
    await stage.settle();
    await stage.pass(6 * 60_000, 60_000);
    const { raw } = office.mails.at(-1)!;
    expect(readMail(raw)).toContain('Gathered for you');
    expect(header(raw, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
    await stage.step(alerts[2]!, unmet(), []);
    const link = linkIn(raw, 'Acknowledge');
    const asked = await (await ask(link)).text();
    expect(asked).toContain('2 still burn.');
    expect(asked).toMatch(/\/a.*\/b/);
    expect(asked).toContain('Acknowledge all 2</button>');
    expect(await (await ask(link, 'POST')).text()).toContain('Acknowledged.');
    const states = (await stage.alerts()).filter((one) =>
      alerts.some(({ id: alertId }) => alertId === one.id),
    );
    expect(states.map(({ status }) => status).sort()).toEqual(['acknowledged', 'acknowledged', 'resolved']);
    expect(await (await ask(link, 'POST')).text()).toContain('nothing to acknowledge any more');
    expect(await (await ask(link)).text()).toContain('nothing to acknowledge any more');
  });

  it('work in the mails of a group, too: in the name of its address', async () => {
    await stage.group(-50, 1);
    const input = {
      ownerId: 'g_50',
      channel: 'email',
      contact: { address: 'ops@example.org' },
      label: 'Ops',
    };
    const operator = { is: 'operator', name: 'test' } as const;
    const added = await addReceiver(stage.world, stage.book, operator, input, now());
    if (!added.ok) throw new Error(added.text);
    await enableReceiver(stage.db, added.id);
    await stage.fire('/srv', [added.id], { ownerId: 'g_50' });
    await stage.settle();
    const { raw } = office.mails.at(-1)!;
    expect((await ask(linkIn(raw, 'Acknowledge'), 'POST')).status).toBe(200);
    expect((await stage.alerts()).find(({ ownerId }) => ownerId === 'g_50')).toMatchObject({
      status: 'acknowledged',
      acknowledgedBy: 'Ops (by mail)',
    });
    expect((await ask(linkIn(raw, 'No more mails like this'), 'POST')).status).toBe(200);
    expect(await findReceiver(stage.db, added.id)).toMatchObject({
      disabled: 'unsubscribed by a link in a mail',
    });
  });

  it('unsubscribe by one press, also by the mail program’s own', async () => {
    const id = await confirmed('leaver');
    await stage.fire('/home', [id]);
    await stage.settle();
    const link = linkIn(office.mails.at(-1)!.raw, 'No more mails like this');
    expect(header(office.mails.at(-1)!.raw, 'List-Unsubscribe')!.replace(/\s/g, '')).toBe(`<${link}>`);
    expect((await ask(link)).status).toBe(200);
    expect(await findReceiver(stage.db, id)).toMatchObject({ disabled: null });
    expect((await ask(link, 'POST')).status).toBe(200);
    expect(await findReceiver(stage.db, id)).toMatchObject({ disabled: 'unsubscribed by a link in a mail' });
  });
});

describe('what a server says', () => {
  const mail = Buffer.from('Subject: x\r\n\r\nx\r\n');
  const envelope = { from: 'alerts@example.org', to: 'ana@example.org' };
  const sending = async (url: URL) => mailOutcome(await sendBySmtp({ url, from }, envelope, mail));

  it.each([
    [{ at: 'rcpt', code: 450, text: '4.2.1 busy' }, { is: 'retry' }],
    [
      { at: 'rcpt', code: 550, text: '5.1.1 no such user' },
      { is: 'refused', disables: true },
    ],
    [
      { at: 'rcpt', code: 554, text: '5.7.1 relay denied' },
      { is: 'refused', disables: false },
    ],
    [{ at: 'data', code: 451, text: '4.3.0 later' }, { is: 'retry' }],
    [
      { at: 'data', code: 554, text: '5.6.0 spam' },
      { is: 'refused', disables: false },
    ],
    ['cut', { is: 'unknown' }],
  ] as const)('%j', async (mood, expected) => {
    office.next(mood);
    expect(await sending(office.url)).toMatchObject(expected);
  });

  it('nothing after the mail: perhaps it was taken', async () => {
    office.next('hang');
    expect(await sending(office.url)).toMatchObject({ is: 'unknown' });
  });

  it('nobody there: surely not received', async () => {
    const nobody = new URL(`smtp://127.0.0.1:${await freePort()}`);
    expect(await sending(nobody)).toMatchObject({ is: 'retry' });
  });

  it('a password is sent; a wrong one keeps everything until it is put right', async () => {
    const url = new URL(office.url);
    url.username = 'tocsin';
    url.password = encodeURIComponent('p@ss');
    expect(await sending(url)).toMatchObject({ is: 'sent' });
    url.password = 'wrong';
    expect(await sending(url)).toMatchObject({ is: 'retry', pauses: 'channel' });
  });

  it('without encryption nothing leaves the machine', async () => {
    const plain = await openPostOffice({ encrypts: false });
    expect(await sending(plain.url)).toMatchObject({ is: 'sent' });
    const strict = new URL(plain.url);
    strict.searchParams.set('starttls', 'required');
    expect(await sending(strict)).toMatchObject({ is: 'retry' });
    expect(plain.mails).toHaveLength(1);
    await plain.close();
  });
});

it('a mail of nothing but words goes out without a ledger, its first line as the subject', async () => {
  const text = 'Tocsin at http://peer/healthz is gone.\nThree looks in a row; “nobody listens”.';
  const sent = await sendPlainMail({ url: office.url, from }, 'ops@example.org', text, 0);
  expect(sent).toEqual({ is: 'taken' });
  const raw = office.mails.at(-1)!.raw;
  expect(header(raw, 'Subject')).toBe('Tocsin at http://peer/healthz is gone.');
  expect(header(raw, 'To')).toContain('ops@example.org');
});
