// What is kept of a message that others wrote: cut anywhere, it is stored, and nothing is told or decided twice for it.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exchangeOf } from '../../src/notify/http-failure.ts';
import { addReceiver } from '../../src/operations/add-receiver.ts';
import { endAttempts } from '../../src/store/deliveries.ts';
import { addSilence } from '../../src/store/silences.ts';
import { openStage, type Stage } from './stage.ts';
import { openSink, type Sink } from './stand-ins/sink.ts';

let stage: Stage;
let sink: Sink;
beforeEach(async () => {
  stage = await openStage({ limits: 'off' });
  sink = await openSink((response) => response.end(`${'x'.repeat(999)}🦆${'y'.repeat(9)}`));
});
afterEach(async () => {
  await sink.close();
  await stage.close();
});

it('an answer with a character where it is cut is taken as sent, once', async () => {
  await stage.person(1);
  const actor = { is: 'person', personId: 'p_1', name: 'P1', role: 'member' } as const;
  const input = { ownerId: 'p_1', channel: 'webhook', contact: { url: `${sink.url}/hook` }, label: 'ci' };
  await addReceiver(stage.world, stage.book, actor, input, stage.clock.now);
  await stage.settle();
  const [delivery] = await stage.deliveries();
  expect(delivery).toMatchObject({ outcome: 'sent' });
  expect(delivery!.exchange!.response!.body).toHaveLength(1000);
  expect(sink.received).toHaveLength(1);
});

it('a long comment of a silence does not stop what is decided', async () => {
  const { receiverId } = await stage.person(1);
  const { now } = stage.clock;
  const comment = `x${'🦆'.repeat(249)}`;
  await addSilence(stage.db, {
    id: 's_1',
    ownerId: 'p_1',
    topic: '**',
    match: [],
    ruleId: null,
    startsAt: now,
    endsAt: now + 60_000,
    by: 'Ana',
    comment,
  });
  await stage.fire('/home', [receiverId]);
  await stage.settle();
  const [held] = await stage.notifications();
  expect(held).toMatchObject({ status: 'held', reason: 'silenced' });
  expect(held!.detail).toMatch(/^Muted by Ana: x🦆.*…$/u);
});

it('whatever a channel hands over is stored', async () => {
  const { receiverId } = await stage.person(1);
  await stage.fire('/home', [receiverId]);
  await stage.settle();
  await stage.database.sql`update deliveries set outcome = 'sending', ended_at = null`;
  const { id } = (await stage.deliveries())[0]!;
  const answer = {
    is: 'answer',
    status: 200,
    headers: {},
    body: Buffer.alloc(0),
    truncated: false,
    ms: 1,
  } as const;
  const exchange = exchangeOf({ method: 'POST', body: '{}' }, answer, []);
  exchange.response!.body = 'half \ud83e';
  const end = {
    id,
    outcome: 'sent',
    detail: `${'x'.repeat(499)}🦆`,
    messageId: 'm\u0000',
    exchange,
    at: 1,
  } as const;
  expect(await endAttempts(stage.db, [end])).toEqual(new Set([id]));
  expect((await stage.deliveries())[0]!.exchange!.response!.body).toBe('half \ufffd');
});
