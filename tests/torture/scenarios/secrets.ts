// Known secrets of every sort go through the whole program, faults included; afterwards they are looked for everywhere.
import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import type { AppProcess } from '../../harness/app-process.ts';
import type { RemotePerson, RemoteTelegram } from '../../harness/telegram-client.ts';
import { until } from '../../harness/until.ts';
import { openPostOffice } from '../../notify/stand-ins/post-office.ts';
import { type Canary, filesIn, type Sighting, search } from '../canaries.ts';
import { startChaosProxy } from '../chaos-proxy.ts';
import { signUp } from '../river.ts';
import { openStage, type Stage } from '../stage.ts';
import { atLeast, exactly, type Row, type Scenario, told } from './scenario.ts';

const chance = (bytes = 15) => randomBytes(bytes).toString('base64url');
const typed = {
  hook: `/canary-hook-${chance()}`,
  password: `canary-password-${chance()}`,
  login: `canary-login-${chance()}`,
  unfinished: `canary-unfinished-${chance()}`,
};

export const secrets: Scenario = {
  name: 'secrets',
  title:
    'known secrets through the whole program, faults included: none is found in anything it writes or says',
  covers: [],
  async run({ queue, say }) {
    const stage = await openStage({ queue, people: 1, limits: 'off' });
    const office = await openPostOffice();
    // An address that may be typed, and hangs up on whoever goes there.
    const nobody = await startChaosProxy({ port: 9 });
    nobody.be('refuse');
    const place = `http://127.0.0.1:${nobody.port}`;
    const smtp = `canary-smtp-${chance()}`;
    const key = `canary-key-${chance()}`;
    const sealing = randomBytes(32).toString('base64');
    try {
      const { port } = office.url;
      const app = await stage.program('whole', {
        BOOTSTRAP_API_KEY: key,
        ENCRYPTION_KEYS: `first:${sealing}`,
        SMTP_URL: `smtp://tocsin:${smtp}@127.0.0.1:${port}`,
        SMTP_FROM: 'Tocsin <alerts@example.org>',
        OUTBOUND_ALLOW: '127.0.0.0/8',
        LOG_LEVEL: 'debug',
      });
      const canaries: Canary[] = [
        { what: 'the bot’s token', secret: stage.telegram.token },
        { what: 'the first key', secret: key },
        { what: 'the sealing key', secret: sealing },
        { what: 'the password of the mail server', secret: smtp },
        { what: 'the path of a webhook', secret: typed.hook },
        { what: 'a password for what is asked', secret: typed.password },
        { what: 'a password typed in a dialogue', secret: typed.login },
        { what: 'a password typed in a dialogue that nobody ended', secret: typed.unfinished },
      ];
      const seen = new Map<string, string>();
      await signUp(stage.telegram.telegram, [0]);
      canaries.push(...(await overHttp(app, key, place, seen)));
      say('typing into dialogues');
      await inDialogues(stage, place);
      say('making everything fail');
      await fail(stage, app, key, seen);
      // What is tried again later, such as the mails, has failed often enough by then.
      await until(
        'every event is processed',
        async () =>
          (await stage.ledger.sql()`select 1 from events where processed_at is null limit 1`).length === 0,
        60_000,
      );
      await look(app, key, seen);
      const places = await everything(stage, seen);
      const sightings = search(canaries, places);
      const seeded = search(
        [{ what: 'a seeded one', secret: 'canary-seeded-0123456789' }],
        new Map([
          ['a log', 'x?key=canary-seeded-0123456789'],
          ['base64', Buffer.from('a:canary-seeded-0123456789').toString('base64')],
        ]),
      );
      return [
        told('secrets', canaries.length),
        told('places looked at', places.size),
        told(
          'characters looked at',
          [...places.values()].reduce((sum, text) => sum + text.length, 0),
        ),
        atLeast('a secret put there on purpose is found', seeded.length, 2),
        exactly('secrets found', sightings.length, 0),
        ...sightings.slice(0, 20).map(sighted),
      ];
    } finally {
      await stage.close();
      await office.close();
      await nobody.close();
    }
  },
};

function sighted({ what, place, form }: Sighting): Row {
  return { figure: `found: ${what}`, value: `${form}, in ${place}`, must: 'nowhere', holds: false };
}

/** Everything that has a secret, made over HTTP; what is shown once is a canary, too. */
async function overHttp(
  app: AppProcess,
  key: string,
  place: string,
  seen: Map<string, string>,
): Promise<Canary[]> {
  const made: Canary[] = [];
  const ask = asking(app, key, seen);
  const shown = async (what: string, answer: Promise<string>, read: RegExp) => {
    const secret = read.exec(await answer)?.[0];
    if (secret === undefined) throw new Error(`no secret was shown: ${what}`);
    made.push({ what, secret });
  };
  const owner = 'telegram:7001';
  const own = { hidden: true, works: true };
  const works = { works: true };
  await ask('POST', '/v1/sources', { name: 'ci' }, works);
  const sources = JSON.parse(await ask('GET', '/v1/sources')) as { sources: { id: string; name: string }[] };
  const ci = sources.sources.find(({ name }) => name === 'ci')!.id;
  await shown('a key', ask('POST', `/v1/sources/${ci}/keys`, { scopes: ['ingest'] }, own), /tk_[\w-]{30,}/);
  const secret = `canary-source-${chance()}`;
  made.push({ what: 'the secret of a source', secret });
  await ask('PUT', `/v1/sources/${ci}/secret`, { secret }, own);
  const hook = `${place}${typed.hook}?token=${chance()}`;
  await shown(
    'the secret of a webhook',
    ask('POST', '/v1/receivers', { owner, channel: 'webhook', label: 'hook', contact: { url: hook } }, own),
    /whsec_[\w+/=-]+/,
  );
  const target = {
    module: 'metrics',
    name: 'asked',
    params: { url: `${place}/metrics`, metrics: ['up'] },
    login: { user: 'scrape', password: typed.password },
  };
  await ask('POST', '/v1/targets', target, works);
  await ask('POST', '/v1/targets/probe', { ...target, name: 'probed' });
  const beat = { owner, name: 'Backup', every: '1h' };
  const answer = await ask('POST', '/v1/heartbeats', beat, own);
  made.push({ what: 'the address of a heartbeat', secret: JSON.parse(answer).token as string });
  return made;
}

/** A password for something that is asked, once to the end and once left in the middle. */
async function inDialogues({ telegram: { telegram } }: Stage, place: string): Promise<void> {
  const ana = await telegram.person(7001);
  await walk(telegram, ana, place, typed.login);
  await walk(telegram, ana, place, typed.unfinished, true);
}

async function walk(
  telegram: RemoteTelegram,
  who: RemotePerson,
  place: string,
  password: string,
  leave = false,
): Promise<void> {
  const press = (label: string) =>
    until(`“${label}” can be pressed`, () => who.press(label, { timeout: 5_000 }), 20_000);
  const before = (await who.last())?.message_id ?? 0;
  await who.say('/sources');
  await until('the sources are shown', async () => ((await who.last())?.message_id ?? 0) > before);
  await press('Watch software');
  await press('A machine (node_exporter)');
  await until('the address is asked for', async () => {
    const text = (await who.last())?.text ?? '';
    if (!/address|URL|where/i.test(text)) throw new Error(text);
    return true;
  });
  await who.say(`${place}/metrics`);
  await press('It needs a password');
  await who.say(`scrape:${password}`);
  await until('what was typed is deleted', async () => {
    const written = (await telegram.messages(who.id)).find(({ text }) => text.includes(password));
    return written?.deleted === true;
  });
  if (!leave) await press('Not now');
}

/** Telegram, the mail server, the database, what is asked and what is sent in all go wrong. */
async function fail(stage: Stage, app: AppProcess, key: string, seen: Map<string, string>): Promise<void> {
  const { telegram } = stage.telegram;
  const ask = asking(app, key, seen);
  const works = { works: true };
  const rule = { owner: 'telegram:7001', name: 'All', topic: 'canary.**', kind: 'every' };
  await ask('POST', '/v1/rules', rule, works);
  const mail = { channel: 'email', label: 'mail', contact: { address: 'ana@example.org' } };
  await ask('POST', '/v1/receivers', { owner: 'telegram:7001', ...mail }, works);
  for (const fault of ['reset-before', 'drop-answer', 'hang'] as const) {
    await telegram.faults.next(2, fault, { method: 'sendMessage' });
    await telegram.faults.next(1, fault, { method: 'editMessageText' });
    await ask('POST', '/v1/events', { type: 'canary.fault', subject: fault, data: { fault } });
  }
  // The bot itself meets a closed door: grammY's errors carry the address, and the address carries the token.
  await telegram.faults.down(true);
  const ana = await telegram.person(7001);
  await ana.say('/alerts').catch(() => {});
  await ask('POST', '/v1/events', { type: 'canary.down', data: {} });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await telegram.faults.down(false);
  for (const path of [
    '/v1/events',
    '/v1/in/github',
    '/v1/rules',
    '/v1/targets',
    '/v1/receivers',
    '/v1/nothing',
  ])
    for (const body of ['{', '[]', '{"type":1}', `{"login":{"password":"${typed.password}"}}`]) {
      await ask('POST', `${path}?key=${encodeURIComponent(key)}`, body);
      await ask('GET', `${path}?key=${encodeURIComponent(key)}`);
    }
  await ask('GET', `/bot${stage.telegram.token}/getMe`);
  // The database is gone for a moment, in the middle of everything.
  await stage.ledger.crash();
  await ask('POST', '/v1/events', { type: 'canary.away', data: {} }).catch(() => {});
  await ask('GET', '/v1/rules').catch(() => {});
  await stage.ledger.start();
  await until('it is ready again', async () => (await fetch(`${app.url}/readyz`)).ok, 30_000).catch(() =>
    app.start(),
  );
  await ask('POST', '/v1/events', { type: 'canary.back', data: {} });
}

/** What can be read afterwards. */
async function look(app: AppProcess, key: string, seen: Map<string, string>): Promise<void> {
  const ask = asking(app, key, seen);
  const list =
    '/ /healthz /readyz /metrics /v1/openapi.json /v1/rules /v1/targets /v1/sources /v1/receivers /v1/deliveries /v1/alerts /v1/topics /v1/channels /v1/templates /v1/heartbeats /v1/packs /v1/modules';
  for (const path of list.split(' ')) await ask('GET', path);
  await ask('GET', '/v1/receivers?owner=telegram:7001');
}

/** Asks, and keeps what was answered; `hidden` for what shows a secret once, as it should. */
function asking(app: AppProcess, key: string, seen: Map<string, string>) {
  return async (
    method: string,
    path: string,
    body?: unknown,
    { hidden = false, works = false } = {},
  ): Promise<string> => {
    const answer = await fetch(`${app.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (works && !answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    const where = `the answer ${seen.size} to ${method} ${path.split('?')[0]!.replace(/bot\d+:[^/]+/, 'bot…')}`;
    if (!hidden) seen.set(where, `${JSON.stringify([...answer.headers])}\n${text}`);
    return text;
  };
}

/** All that was printed, answered, and kept: in the ledger, in the queue, in files. */
async function everything(stage: Stage, seen: ReadonlyMap<string, string>): Promise<Map<string, string>> {
  const places = new Map(seen);
  places.set('what was printed', stage.output());
  const sql = stage.ledger.sql();
  const tables = await sql<{ name: string }[]>`select format('%I.%I', table_schema, table_name) as name
    from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')`;
  for (const { name } of tables) {
    const rows = await sql.unsafe<{ row: string }[]>(`select t::text as row from ${name} t`);
    places.set(`the table ${name}`, rows.map(({ row }) => row).join('\n'));
  }
  if (stage.redis) {
    const redis = new Redis(stage.redis.url);
    const [, folder] = (await redis.config('GET', 'dir')) as string[];
    // Every command that was ever given, and what stands there now.
    for (const [file, text] of filesIn(folder!)) places.set(`Redis’s file ${file.split('/').at(-1)}`, text);
    for (const name of await redis.keys('*'))
      places.set(
        `the key ${name} of Redis`,
        String(await redis.dumpBuffer(name).then((bytes) => bytes?.toString('latin1'))),
      );
    redis.disconnect();
  }
  return places;
}
