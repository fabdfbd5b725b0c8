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
