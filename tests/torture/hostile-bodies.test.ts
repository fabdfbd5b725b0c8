// Hostile bodies through the whole program: odd JSON, half JSON, no JSON, and what chance makes of them.
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { formats } from '#ingest/formats/index.ts';
import { besiege, manyAtOnce, type Siege } from './hostile.ts';
import { naughty } from './naughty-strings.ts';
import { refused, taken } from './raw-bodies.ts';

let siege: Siege;
beforeEach(async () => {
  siege = await besiege();
});
afterEach(() => siege.stop());

/** What the other system sends beside its body, so that its format looks further. */
const headersOf = (name: string) => formats.find((format) => format.name === name)?.example.headers ?? {};
const everything = (topic: string, name = topic) => ({ name, topic, kind: 'every' });
const short = naughty.map((text) => text.slice(0, 200));

it('raw bodies are refused with a reason, or are events like any other', async () => {
  const { world, send } = siege;
  // The first is told of all that is taken; the others of what the formats make of the same.
  await world.makesRule(world.ana, everything('raw.**'));
  await world.makesRule(world.ana, everything('__proto__.**'));
  const people = await siege.listeners(formats.length);
  for (const [i, { name }] of formats.entries()) await world.makesRule(people[i]!, everything(`${name}.**`));
  expect(refused.length + taken.length).toBeGreaterThanOrEqual(318);
  await manyAtOnce(refused, async (body) => {
    const { status, text } = await send(body);
    expect(status, String(body).slice(0, 200)).toBeGreaterThanOrEqual(400);
    expect(JSON.parse(text).detail, String(body).slice(0, 200)).toMatch(/\w/);
  });
  expect(siege.accepted()).toBe(0);
  await manyAtOnce(taken, async (body) => {
    const { status, text } = await send(body);
    expect(status, `${String(body).slice(0, 200)} → ${text}`).toBe(202);
  });
  await world.advance('1h');
  // The other formats see the same, and never break either.
  await manyAtOnce(formats, async ({ name }) => {
    for (const body of [...refused, ...taken]) await send(body, `/v1/in/${name}`, headersOf(name));
  });
  await siege.allIsWell();
  const told = world.telegram.messages(world.ana.id).filter(({ fromBot }) => fromBot);
  expect(told.length).toBeGreaterThan(taken.length);
}, 300_000);

it('2,400 random bodies', async () => {
  const { world, send } = siege;
  await world.makesRule(world.ana, everything('fc.told'));
  const text = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.constantFrom(...short, ''),
  );
  const some = fc.oneof(
    fc.jsonValue({ maxDepth: 5 }),
    fc.record(
      {
        type: fc.constantFrom('fc.told', 'fc.told', 'fc.told', 'fc.other', 'x y'),
        id: text,
        source: text,
        subject: text,
        data: fc.dictionary(text, fc.jsonValue({ maxDepth: 3 })),
        labels: fc.dictionary(text, fc.oneof(text, fc.double(), fc.boolean())),
        severity: fc.constantFrom('info', 'critical', 'warning', 'odd'),
        status: fc.constantFrom('firing', 'resolved'),
        fingerprint: text,
      },
      { requiredKeys: ['type'] },
    ),
    fc.record({
      version: fc.constant('4'),
      alerts: fc.array(
        fc.record(
          {
            status: fc.constantFrom('firing', 'resolved'),
            labels: fc.dictionary(text, text),
            annotations: fc.jsonValue(),
          },
          { requiredKeys: ['status', 'labels'] },
        ),
        { maxLength: 4 },
      ),
    }),
    fc.record(
      {
        specversion: fc.constant('1.0'),
        id: text,
        source: text,
        type: text,
        data: fc.jsonValue(),
        time: text,
      },
      { requiredKeys: ['specversion', 'id', 'source', 'type'] },
    ),
  );
  const paths = formats.map(({ name }) => `/v1/in/${name}`);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ weight: 4, arbitrary: some }, { weight: 1, arbitrary: fc.array(some, { maxLength: 5 }) }),
      fc.constantFrom(...paths, ...Array<string>(8).fill('/v1/events')),
      async (body, path) => void (await send(JSON.stringify(body), path, headersOf(path.split('/').at(-1)!))),
    ),
    { numRuns: 2_400, seed: 20261121 },
  );
  expect(siege.accepted()).toBeGreaterThan(200);
  await siege.allIsWell();
}, 300_000);
