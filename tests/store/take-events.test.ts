// Taking events in: which are new, whatever their ids hold.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '#store/connection.ts';
import type { EventRow } from '#store/events.ts';
import { takeEvents } from '#store/take-events.ts';
import { freshLedger } from '../harness/database.ts';

let ledger: Awaited<ReturnType<typeof freshLedger>>;
let database: Database;
beforeAll(async () => {
  ledger = await freshLedger(2);
  database = ledger.database;
});
afterAll(() => ledger.close());

const row = (eventId: string, bodyHash = 'h'): EventRow => ({
  sourceId: 's_1',
  eventId,
  bodyHash,
  fingerprint: eventId,
  source: '/here',
  type: 'disk.usage',
  subject: '/home',
  time: null,
  severity: null,
  status: null,
  endsAt: null,
  body: '{}',
  raw: null,
  receivedAt: 1,
});
const duplicates = async (requests: EventRow[][]) =>
  (await takeEvents(database, requests)).map(
    (taken) => taken.ok && taken.events.map(({ duplicate }) => duplicate),
  );

it('an id with half a letter hides nothing of what follows', async () => {
  expect(await duplicates([[row('known')]])).toEqual([[false]]);
  expect(await duplicates([[row('known'), row('half \ud800'), row('after')]])).toEqual([
    [true, false, false],
  ]);
  expect(await duplicates([[row('half \ud800')], [row('known')], [row('new')]])).toEqual([
    [true],
    [true],
    [false],
  ]);
});

it('ids that the ledger cannot tell apart are one', async () => {
  const [one, other] = [row('one \ud800'), row('one \udfff')];
  expect(await duplicates([[one, other]])).toEqual([[false, true]]);
  expect(await duplicates([[row('two \ud800'), row('two \udfff', 'other')]])).toEqual([false]);
});

it('keeps what a row says, whatever signs it holds, and whether or not it may be known', async () => {
  const odd = ['\u001e', '\u001f', 'a\u001fb\u001e', '', '\\x1f', 'plain "quoted"', '\u{1f525}'];
  for (const fresh of [true, false]) {
    const rows = odd.map((text, i): EventRow => {
      const name = `odd ${fresh} ${i} ${text}`;
      const more = {
        source: `/${text}`,
        subject: text,
        raw: i % 2 ? text : null,
        time: 1_777_000_000_123 + i,
      };
      return {
        ...row(name),
        ...more,
        fingerprint: `f${text}`,
        status: i % 3 ? 'firing' : null,
        receivedAt: 1_777_000_000_999,
      };
    });
    // Each by itself, so that one sign does not decide for all.
    for (const one of rows) expect(await takeEvents(database, [[one]], fresh)).toMatchObject([{ ok: true }]);
    const kept = await database.sql`select event_id, source, subject, raw, fingerprint, status, ends_at,
      extract(epoch from time) * 1000 as time, extract(epoch from received_at) * 1000 as came
      from events where event_id like ${`odd ${fresh} %`} order by seq`;
    expect(
      kept.map(({ time, came, ...one }) => ({ ...one, time: Number(time), came: Number(came) })),
    ).toEqual(
      rows.map((one) => ({
        event_id: one.eventId,
        source: one.source,
        subject: one.subject,
        raw: one.raw,
        fingerprint: one.fingerprint,
        status: one.status,
        ends_at: null,
        time: one.time,
        came: one.receivedAt,
      })),
    );
  }
});

it('finds those that are known also where none was expected to be', async () => {
  expect(await takeEvents(database, [[row('first')]], true)).toMatchObject([
    { ok: true, events: [{ duplicate: false }] },
  ]);
  const beside = await takeEvents(database, [[row('first')], [row('third')]], true);
  expect(beside).toMatchObject([{ events: [{ duplicate: true }] }, { events: [{ duplicate: false }] }]);
  const again = await takeEvents(database, [[row('first')], [row('second')], [row('first', 'other')]], true);
  expect(again).toMatchObject([
    { ok: true, events: [{ duplicate: true }] },
    { ok: true, events: [{ duplicate: false }] },
    { ok: false, reused: [0] },
  ]);
});
