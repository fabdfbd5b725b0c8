// Hostile bodies: no crash, no 5xx, nothing half taken, every prototype untouched, and what is taken reads back the same.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanJson } from '#core/clean.ts';
import type { Json } from '#core/json.ts';
import { type Door, openDoor } from './door.ts';
import { broken, odd } from './json-oddities.ts';

let door: Door;
const prototypes = [Object.prototype, Array.prototype, String.prototype, Map.prototype, Promise.prototype];
const names = () => prototypes.map((one) => Reflect.ownKeys(one).map(String).join());
const before = names();
beforeAll(async () => {
  door = await openDoor();
});
afterAll(async () => {
  await door.close();
  expect(names()).toEqual(before);
});

const event = (data: string) => `{"type":"a.b","data":{"x":${data}}}`;
// Minus zero is written as zero.
const same = (value: unknown) => JSON.parse(JSON.stringify(value));
const nested = (depth: number, open = '[', close = ']') => open.repeat(depth) + close.repeat(depth);

describe('bodies that are no JSON', () => {
  it.each(broken.map((body) => [JSON.stringify(body.toString().slice(0, 40)), body]))(
    '%s is a 400',
    async (_name, body) => {
      const { status, json } = await door.post(body);
      expect(status).toBe(400);
      expect(json).toMatchObject({
        status: 400,
        type: 'urn:tocsin:problem:bad_body',
        detail: expect.any(String),
      });
    },
  );

  it('are told where they stop being JSON', async () => {
    const { json } = await door.post('{\n  "type": "a.b",\n  "data": {"x": }\n}');
    expect(json.detail).toContain('line 3, column 17: a value was expected, "}" is there');
    expect((await door.post('[1,2')).json.detail).toContain(
      'line 1, column 5: a comma or “]” was expected, the text ends',
    );
  });

  it.each(['', ' ', '\n\t ', '\ufeff'])('nothing (%j) is a 400 of its own', async (body) => {
    expect((await door.post(body)).json).toMatchObject({
      status: 400,
      detail: expect.stringContaining('empty'),
    });
  });
  it.each(['null', 'true', '0', '-0', '1e400', '"text"', '""'])(
    'the single value %s is a 400',
    async (body) => {
      expect((await door.post(body)).status).toBe(400);
    },
  );
});

describe('JSON that is odd', () => {
  it.each(odd)(
    '%s is taken as text that reads back as it should, and kept as sent where it differs',
    async (text, expected) => {
      const { status, json } = await door.post(event(text));
      expect(status).toBe(202);
      const [row] = await door.database.sql`select body, raw from events where seq = ${json.events[0].seq}`;
      expect(JSON.parse(row!.body).data).toEqual({ x: expected });
      if (row!.raw === null) expect(JSON.parse(row!.body).data).toEqual(same(JSON.parse(event(text)).data));
      else expect(row!.raw).toBe(event(text));
    },
  );

  it('__proto__ is a name like any other, in data and in labels', async () => {
    const body =
      '{"type":"a.b","data":{"__proto__":{"bad":1},"x":{"__proto__":"y"}},"labels":{"__proto__":"l","constructor":"c"}}';
    const { status, json } = await door.post(body);
    expect(status).toBe(202);
    const [row] = await door.database.sql`select body from events where seq = ${json.events[0].seq}`;
    expect(row!.body).toBe(
      '{"data":{"__proto__":{"bad":1},"x":{"__proto__":"y"}},"labels":{"__proto__":"l","constructor":"c"}}',
    );
    expect(({} as Record<string, unknown>).bad).toBeUndefined();
    for (const name of ['__proto__', 'constructor', 'toString'])
      expect((await door.post(`{"type":"a.b","${name}":{}}`)).json.errors[0].path).toBe(name);
  });

  it('may be nested 32 deep and no deeper; brackets inside texts do not count', async () => {
    expect((await door.post(event(nested(30)))).status).toBe(202);
    expect((await door.post(event(nested(31)))).status).toBe(400);
    expect((await door.post(event(JSON.stringify(`\\"${nested(100)}{{{{"`)))).status).toBe(202);
    for (const deep of [
      nested(100_000),
      nested(100_000, '{"a":', '}'),
      '['.repeat(500_000),
      '{"a":'.repeat(100_000),
      event(nested(50_000)),
    ])
      expect((await door.post(deep)).json).toMatchObject({
        status: 400,
        detail: expect.stringContaining('32'),
      });
  });
});

describe('sizes and forms', () => {
  const text = (length: number) => JSON.stringify('x'.repeat(length));
  it('an event has at most 256 KB, a body 1 MB, streamed or not', async () => {
    expect((await door.post(event(text(262_144 - 40)))).status).toBe(202);
    expect((await door.post(event(text(262_144)))).status).toBe(413);
    expect((await door.post(`[${event('1')},${event(text(262_144))}]`)).json).toMatchObject({
      status: 413,
      errors: [{ path: '[1]' }],
    });
    expect(
      (
        await door.post(
          `[${Array(4)
            .fill(event(text(262_000)))
            .join()}]`,
        )
      ).status,
    ).toBe(202);
    expect((await door.post(event(text(1_048_576)))).status).toBe(413);
    expect((await door.post(' '.repeat(2_000_000))).status).toBe(413);
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    const init = {
      method: 'POST',
      body: endless,
      duplex: 'half',
      headers: { 'content-type': 'application/json', authorization: `Bearer a-key-from-the-environment` },
    };
    expect((await door.app.request('/v1/events', init as RequestInit)).status).toBe(413);
    expect(sent).toBeLessThan(1_400_000);
  });

  it.each([
    [{ 'content-type': 'text/plain' }, 415],
    [{ 'content-type': 'application/x-www-form-urlencoded' }, 415],
    [{ 'content-type': 'application/xml' }, 415],
    [{ 'content-type': 'application/json; charset=utf-16' }, 415],
    [{ 'content-type': 'multipart/form-data; boundary=x' }, 415],
    [{ 'content-encoding': 'gzip' }, 415],
    [{ 'content-encoding': 'br' }, 415],
    [{ 'content-encoding': 'identity' }, 202],
    [{ 'content-type': 'application/json; charset="UTF-8"' }, 202],
    [{ 'content-type': 'Application/JSON' }, 202],
    [{ 'content-type': 'application/vnd.ours+json' }, 202],
  ])('%j is answered with %i', async (headers, status) => {
    expect(
      (await door.post(event('1'), { headers: headers as unknown as Record<string, string> })).status,
    ).toBe(status);
  });
});

it('any JSON in any format is answered with 2xx or 4xx, and counted whole', async () => {
  const some = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.record(
      {
        type: fc.constantFrom('a.b', 'x', '', '..'),
        data: fc.jsonValue(),
        labels: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 })),
        subject: fc.string({ unit: 'binary' }),
        id: fc.string({ unit: 'binary', maxLength: 3 }),
      },
      { requiredKeys: [] },
    ),
    fc.record({
      version: fc.constant('4'),
      alerts: fc.array(
        fc.record(
          {
            status: fc.constantFrom('firing', 'resolved', 'x'),
            labels: fc.dictionary(fc.string({ unit: 'binary' }), fc.string()),
            annotations: fc.jsonValue(),
            startsAt: fc.string(),
            fingerprint: fc.jsonValue(),
          },
          { requiredKeys: ['status'] },
        ),
      ),
    }),
    fc.record({
      specversion: fc.constant('1.0'),
      id: fc.string(),
      source: fc.string({ unit: 'binary' }),
      type: fc.string(),
      data: fc.jsonValue(),
      ext: fc.jsonValue(),
    }),
  );
  const body = fc.oneof(some, fc.array(some, { maxLength: 4 }));
  await fc.assert(
    fc.asyncProperty(
      body,
      fc.constantFrom('/v1/events', '/v1/in/native', '/v1/in/cloudevents', '/v1/in/alertmanager'),
      async (json, path) => {
        const { status, json: answer } = await door.post(JSON.stringify(json), { path });
        expect([202, 400, 409, 413, 422]).toContain(status);
        if (status === 202) expect(answer.accepted + answer.duplicates).toBe(answer.events.length);
      },
    ),
    { numRuns: 400 },
  );
});

it('what is taken reads back as the cleaned value', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 })),
      async (data) => {
        const { status, json } = await door.post(JSON.stringify({ type: 'a.b', data }));
        expect(status).toBe(202);
        const [row] = await door.database.sql`select body from events where seq = ${json.events[0].seq}`;
        const sent = JSON.parse(JSON.stringify(data)) as Json;
        expect(JSON.parse(row!.body).data).toEqual(cleanJson(sent));
      },
    ),
    { numRuns: 150 },
  );
});

it('any bytes at all are answered with 4xx', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (body) => {
      const { status } = await door.post(body);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
});
