// Receivers and the log of deliveries over HTTP, with a key of the scope `admin`: the same operations as in the chat.
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { refuse } from '#core/outcome.ts';
import { addReceiver } from '#operations/add-receiver.ts';
import type { ChannelBook } from '#operations/channel-book.ts';
import { enableReceiver } from '#operations/enable-receiver.ts';
import { listReceivers } from '#operations/list-receivers.ts';
import { redeliver } from '#operations/redeliver.ts';
import { removeReceiver } from '#operations/remove-receiver.ts';
import { renewSecret } from '#operations/renew-secret.ts';
import { resendCode } from '#operations/send-code.ts';
import { testReceiver } from '#operations/test-receiver.ts';
import { verifyReceiver } from '#operations/verify-receiver.ts';
import type { World } from '#operations/world.ts';
import { deliveryLog, findDelivery, type LogQuery } from '#store/delivery-log.ts';
import { findGroupByChat } from '#store/groups.ts';
import { findPersonByTelegram } from '#store/people.ts';
import type { KeyBook } from './key-book.ts';
import { answer, type Managing, managing, readJson } from './managing.ts';

/** `telegram:7001` or a group's `telegram:-100…`. */
const owner = z.string().regex(/^telegram:-?\d{1,18}$/, 'must be like telegram:7001');
const instant = z.iso.datetime({ offset: true, error: 'must be an instant such as 2026-05-04T10:00:00Z' });
export const newReceiver = z.strictObject({
  owner,
  channel: z.string(),
  contact: z.record(z.string(), z.unknown()),
  label: z.string().optional(),
});
export const code = z.strictObject({ code: z.string().max(20) });
export const secretOverlap = z.strictObject({ overlapHours: z.number().optional() });
export const range = z.strictObject({ receiver: z.string(), from: instant, to: instant });

interface Deps {
  world: World;
  keys: KeyBook;
  channels: ChannelBook;
  now: () => number;
}

/** Adds `/v1/channels`, `/v1/receivers…` and `/v1/deliveries…`. */
export function addReceiverRoutes(app: Hono, { world, keys, channels, now }: Deps): void {
  const { db } = world.database;
  const may = (act: (managing: Managing, c: Context) => Promise<Response>) => managing(keys, now, act);
  const receiverId = (c: Context) => c.req.param('id') ?? '';

  app.get(
    '/v1/channels',
    may(async () => {
      const shown = channels.all().map(({ name, title, missing, contact }) => ({
        name,
        title,
        missing,
        confirms: contact?.confirms ?? false,
        fields: channels.fields(name),
      }));
      return Response.json({ channels: shown });
    }),
  );
  app.get(
    '/v1/receivers',
    may(async ({ actor }, c) => {
      const named = c.req.query('owner');
      const ownerId = named === undefined ? undefined : await ownerNamed(named);
      if (named !== undefined && ownerId === undefined) return answer(nobody);
      return answer(await listReceivers(world, actor, ownerId === undefined ? {} : { ownerId }));
    }),
  );
  app.post(
    '/v1/receivers',
    may(async ({ actor, at }, c) => {
      const body = await readJson(c.req.raw, newReceiver);
      if (!body.ok) return body.response;
      const { owner: named, label, ...rest } = body.value;
      const ownerId = await ownerNamed(named);
      if (ownerId === undefined) return answer(nobody);
      const input = { ...rest, ownerId, ...(label === undefined ? {} : { label }) };
      return answer(await addReceiver(world, channels, actor, input, at), 201);
    }),
  );
  app.delete(
    '/v1/receivers/:id',
    may(async ({ actor, at }, c) =>
      answer(await removeReceiver(world, actor, { receiverId: receiverId(c) }, at)),
    ),
  );
  const deeds = { test: testReceiver, enable: enableReceiver, 'send-code': resendCode } as const;
  for (const [path, deed] of Object.entries(deeds))
    app.post(
      `/v1/receivers/:id/${path}`,
      may(async ({ actor, at }, c) => answer(await deed(world, actor, { receiverId: receiverId(c) }, at))),
    );
  app.post(
    '/v1/receivers/:id/verify',
    may(async ({ actor, at }, c) => {
      const body = await readJson(c.req.raw, code);
      if (!body.ok) return body.response;
      return answer(await verifyReceiver(world, actor, { receiverId: receiverId(c), ...body.value }, at));
    }),
  );
  app.post(
    '/v1/receivers/:id/renew-secret',
    may(async ({ actor, at }, c) => {
      const body = await readJson(c.req.raw, secretOverlap);
      if (!body.ok) return body.response;
      const { overlapHours } = body.value;
      const input = { receiverId: receiverId(c), ...(overlapHours === undefined ? {} : { overlapHours }) };
      return answer(await renewSecret(world, channels, actor, input, at));
    }),
  );
  app.get(
    '/v1/deliveries',
    may(async (_managing, c) => {
      const query = readQuery(c);
      const deliveries = await deliveryLog(db, query);
      const next = deliveries.length === query.limit ? (deliveries.at(-1)?.id ?? null) : null;
      const page = { ok: true as const, deliveries, next };
      return answer(page);
    }),
  );
  app.get(
    '/v1/deliveries/:id',
    may(async (_managing, c) => {
      const found = await findDelivery(db, numberOf(receiverId(c)));
      return answer(found ? { ok: true, ...found } : refuse('not-found', 'I do not know this delivery.'));
    }),
  );
  app.post(
    '/v1/deliveries/redeliver',
    may(async ({ actor, at }, c) => {
      const body = await readJson(c.req.raw, range);
      if (!body.ok) return body.response;
      const { receiver, from, to } = body.value;
      const input = { receiverId: receiver, from: Date.parse(from), to: Date.parse(to) };
      return answer(await redeliver(world, actor, input, at), 202);
    }),
  );
  app.post(
    '/v1/deliveries/:id/redeliver',
    may(async ({ actor, at }, c) =>
      answer(await redeliver(world, actor, { deliveryId: numberOf(receiverId(c)) }, at), 202),
    ),
  );

  async function ownerNamed(text: string): Promise<string | undefined> {
    if (!owner.safeParse(text).success) return undefined;
    const id = Number(text.slice('telegram:'.length));
    return (id < 0 ? await findGroupByChat(db, id) : await findPersonByTelegram(db, id))?.id;
  }
}

const nobody = refuse('not-found', 'There is nobody with this owner; it is like telegram:7001.');
export const outcomes = ['sending', 'sent', 'retry', 'unknown', 'refused', 'moved', 'gone'];

function numberOf(text: string): number {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : -1;
}

// Whatever stands in the address was held against the description before.
function readQuery(c: Context): LogQuery {
  const ask = (name: string) => c.req.query(name);
  const query: LogQuery = { limit: Number(ask('limit') ?? 100) };
  for (const name of ['from', 'to'] as const) {
    const text = ask(name);
    if (text !== undefined) query[name] = Date.parse(text);
  }
  const before = ask('before');
  if (before !== undefined) query.before = Number(before);
  const texts = {
    receiverId: ask('receiver'),
    channel: ask('channel'),
    alertId: ask('alert'),
    outcome: ask('outcome'),
  };
  for (const [name, text] of Object.entries(texts))
    if (text !== undefined) query[name as keyof typeof texts] = text;
  return query;
}
