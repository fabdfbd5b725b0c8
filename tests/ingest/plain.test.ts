// A line of text or any JSON by `curl`, and any JSON whatsoever at every door.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formats } from '#ingest/formats/index.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

describe('plain', () => {
  const post = (body: string, query = '', type = 'application/x-www-form-urlencoded') =>
    door.post(body, { path: `/v1/in/plain?${query}`, headers: { 'content-type': type } });
  const told = async (seq: number) => (await door.get(`/v1/events/${seq}`)).json;

  it('takes a line as curl sends it', async () => {
    const { status, json } = await post(
      'The backup failed & nobody=knows',
      'topic=backup.failed&severity=page',
    );
    expect(status).toBe(202);
    expect(await told(json.events[0].seq)).toMatchObject({
      type: 'backup.failed',
      severity: 'critical',
      data: { summary: 'The backup failed & nobody=knows' },
    });
  });

  it('takes several lines, a title, and a beginning with an end', async () => {
    const query = 'topic=backup&title=Backup&subject=cad1&fingerprint=b1';
    const first = await post('No space left\non /backup', `${query}&status=firing`, 'text/plain');
    const end = await post('', `${query}&status=resolved`, 'text/plain');
    expect([first.status, end.status]).toEqual([202, 202]);
    expect(await told(first.json.events[0].seq)).toMatchObject({
      subject: 'cad1',
      status: 'firing',
      fingerprint: 'b1',
      data: { summary: 'Backup', message: 'No space left\non /backup' },
    });
    expect(await told(end.json.events[0].seq)).toMatchObject({ status: 'resolved', fingerprint: 'b1' });
  });

  it('takes any JSON as facts', async () => {
    const { json } = await post('{"usage":93.5,"level":"warn","status":"firing","subject":"/home"}');
    expect(await told(json.events[0].seq)).toMatchObject({
      type: 'plain.bootstrap',
      subject: '/home',
      severity: 'warning',
      status: 'firing',
      data: { usage: 93.5, level: 'warn' },
    });
    const list = await post('[1,{"a":2}]', '', 'application/json');
    expect((await told(list.json.events[0].seq)).data).toEqual({ value: [1, { a: 2 }] });
    const text = await post('{not JSON', '', 'text/plain');
    expect((await told(text.json.events[0].seq)).data).toEqual({ summary: '{not JSON' });
    expect((await post('{not JSON', '', 'application/json')).status).toBe(400);
  });

  it('names what is wrong in the address, by its name', async () => {
    const { status, json } = await post('x', 'topik=a&severity=bad&status=maybe&id=');
    expect(status).toBe(422);
    const faults = Object.fromEntries(
      json.errors.map(({ path, text }: { path: string; text: string }) => [path, text]),
    );
    expect(Object.keys(faults).sort()).toEqual(['?id', '?severity', '?status', '?topik']);
    expect(faults['?topik']).toContain('“topic”');
    expect((await post('x', 'topic=tocsin.canary')).status).toBe(422);
    expect((await post('')).json.errors[0].text).toContain('empty');
    expect((await post('\u0000', 'title=x')).status).toBe(202);
  });
});

it('any JSON at any door is taken or refused with reasons, never a 5xx', async () => {
  const doors = [
    ...formats.map(({ name, example }) => ({ path: `/v1/in/${name}`, headers: example.headers ?? {} })),
    { path: '/api/v2/alerts', headers: {} },
    { path: '/v2/enqueue', headers: {} },
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.jsonValue({ maxDepth: 4 }),
        fc.constantFrom(...formats.map(({ example }) => example.body)),
        fc.array(fc.dictionary(fc.constantFrom('labels', 'endsAt', 'startsAt', 'x'), fc.jsonValue())),
        fc.record({
          routing_key: fc.constant(bootstrap),
          event_action: fc.jsonValue(),
          payload: fc.jsonValue(),
        }),
      ),
      fc.constantFrom(...doors),
      async (body, { path, headers }) => {
        const { status, json } = await door.post(JSON.stringify(body), { path, headers });
        expect([200, 202, 400, 409, 413, 422], `${path} ${JSON.stringify(body)}`).toContain(status);
        if (status >= 400) expect(JSON.stringify(json).length).toBeGreaterThan(20);
        door.clock.now += 1_000;
      },
    ),
    { numRuns: 600 },
  );
}, 60_000);
