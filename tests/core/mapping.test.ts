// Foreign fields: what a mapping makes of a body, what it misses, and what is guessed from a sample.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guessMapping } from '#core/guess-mapping.ts';
import type { Json } from '#core/json.ts';
import { applyMapping, type Mapping, mappingSchema } from '#core/mapping.ts';
import { topicFault } from '#core/topic.ts';

const build = {
  event: 'place.route',
  project: { name: 'vr 0' },
  state: 'FAILED',
  level: 'error',
  host: 'farm-7',
  at: 1_777_896_000,
  usage: { cpu: 93.5 },
  run: 41,
};
const mapping: Mapping = {
  topic: 'builds.{project.name}.{event}',
  title: 'Run {run} on {host}',
  subject: '{host}',
  severity: '{level}',
  status: '{state}',
  time: '{at}',
  fingerprint: '{project.name}/{event}',
  fields: { cpu: 'usage.cpu', gone: 'usage.gpu' },
  labels: { project: '{project.name}', gone: '{nothing}' },
};
const one = (given: Mapping, body: Json) => {
  const read = applyMapping(given, body, 'ci');
  if (!read.ok) throw new Error(JSON.stringify(read.lacks));
  return read.events[0]!.event;
};

describe('a mapping', () => {
  it('makes an event of the fields it names', () => {
    expect(one(mapping, build)).toEqual({
      source: 'ci',
      type: 'builds.vr_0.place_route',
      subject: 'farm-7',
      severity: 'critical',
      status: 'firing',
      time: 1_777_896_000_000,
      fingerprint: 'vr 0/place.route',
      data: { cpu: 93.5, summary: 'Run 41 on farm-7' },
      labels: { project: 'vr 0' },
    });
  });

  it('keeps the whole body as facts when no fields are named', () => {
    expect(one({ topic: 'builds' }, build).data).toEqual(build);
    expect(one({ topic: 'builds' }, [1]).data).toEqual({ value: [1] });
  });

  it.each([
    [1_777_896_000, '2026-05-04T12:00:00.000Z'],
    [1_777_896_000_123, '2026-05-04T12:00:00.123Z'],
    ['2026-05-04T14:00:00+02:00', '2026-05-04T12:00:00.000Z'],
    ['2026-05-04T14:00:00.5+0200', '2026-05-04T12:00:00.500Z'],
    ['2026-05-04 12:00:00Z', '2026-05-04T12:00:00.000Z'],
    // Of which zone? And there is no such day.
    ['2026-05-04T12:00:00', undefined],
    ['2026-02-30T12:00:00Z', undefined],
    ['yesterday', undefined],
    [12, undefined],
  ])('reads the time %s as %s', (at, expected) => {
    const { time } = one({ topic: 'builds', time: '{at}' }, { at });
    expect(time === undefined ? undefined : new Date(time).toISOString()).toBe(expected);
  });

  it('makes an event of each item of a list', () => {
    const body = { alerts: [{ host: 'a' }, { host: 'b' }] };
    const read = applyMapping({ topic: 'x', items: 'alerts', subject: '{host}' }, body, 'ci');
    expect(read).toMatchObject({
      ok: true,
      events: [
        { at: 'alerts[0]', event: { subject: 'a' } },
        { at: 'alerts[1]', event: { subject: 'b' } },
      ],
    });
    expect(applyMapping({ topic: 'x', items: 'gone' }, body, 'ci')).toMatchObject({
      ok: false,
      lacks: [{ path: 'gone' }],
    });
  });

  it('names everything that is missing, by its place', () => {
    const read = applyMapping(mapping, { project: {}, state: 'odd' }, 'ci');
    expect(read).toEqual({
      ok: false,
      lacks: [
        { path: 'project.name', text: expect.stringContaining('missing') },
        { path: 'event', text: expect.stringContaining('missing') },
        { path: 'state', text: expect.stringContaining('“odd”') },
      ],
    });
    expect(applyMapping({ topic: 'tocsin.{event}' }, build, 'ci').ok).toBe(false);
  });

  it('knows the words of others for beginning and end, and those that it is told', () => {
    const status = (state: Json, more: Partial<Mapping> = {}) =>
      one({ topic: 'x', status: '{state}', ...more }, { state }).status;
    expect(['down', 'OK', 'Problem', 'recovered', 1, 0, true].map((word) => status(word))).toEqual([
      'firing',
      'resolved',
      'firing',
      'resolved',
      'firing',
      'resolved',
      'firing',
    ]);
    expect(status('kaputt', { firing: ['Kaputt'] })).toBe('firing');
    // What it is told stands above what is known.
    expect(status('open', { resolved: ['open'] })).toBe('resolved');
  });

  it('is refused with every fault by its path', () => {
    const read = mappingSchema.safeParse({
      topic: '',
      subject: '{host',
      status: '{a..b}',
      fields: { x: '{y}' },
      firing: 'down',
      color: 'red',
    });
    expect(read.error?.issues.map(({ path }) => path.join('.')).sort()).toEqual([
      '',
      'fields.x',
      'firing',
      'status',
      'subject',
      'topic',
    ]);
    expect(mappingSchema.safeParse(mapping).success).toBe(true);
  });

  it('never throws and makes only what a ledger can take, whatever the body', () => {
    const path = fc.constantFrom('a', 'a.b', 'b.0', '__proto__', 'constructor.name', 'c');
    const text = fc
      .tuple(fc.constantFrom('', 'x.', 't-'), path)
      .map(([before, where]) => `${before}{${where}}`);
    fc.assert(
      fc.property(
        fc.record(
          { topic: text, subject: text, status: text, time: text, fingerprint: text },
          { requiredKeys: ['topic'] },
        ),
        fc.oneof(
          fc.jsonValue({ maxDepth: 4 }),
          fc.record({
            a: fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' })),
            b: fc.jsonValue(),
            c: fc.jsonValue(),
          }),
        ),
        (given, body) => {
          const read = applyMapping(given as Mapping, body as Json, 'ci');
          if (!read.ok) {
            expect(read.lacks.length).toBeGreaterThan(0);
            return;
          }
          for (const { event } of read.events) {
            expect(topicFault(event.type)).toBeUndefined();
            for (const said of [event.subject, event.fingerprint ?? ''])
              expect(said).not.toMatch(/\p{Surrogate}|\u0000/u);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('a guess from a sample', () => {
  it('finds what a body calls the usual things', () => {
    const { mapping: guess, missing } = guessMapping(
      {
        event: 'disk',
        host: 'cad1',
        status: 'down',
        severity: 'high',
        message: 'Full',
        timestamp: 1_777_896_000,
      },
      'nas',
    );
    expect(guess).toEqual({
      topic: 'nas.{event}',
      title: '{message}',
      subject: '{host}',
      severity: '{severity}',
      status: '{status}',
      time: '{timestamp}',
    });
    expect(missing).toEqual([]);
  });

  it('looks for what stands there, not only at names, and prefers what is higher up', () => {
    const { mapping: guess, missing } = guessMapping(
      { level: 7, status: 200, inner: { host: 'deep' }, node: 'top', text: '93' },
      'nas',
    );
    expect(guess).toEqual({ topic: 'nas', subject: '{node}' });
    expect(missing).toEqual(['title', 'severity', 'status', 'time']);
  });

  it('takes each item of a list', () => {
    const { mapping: guess } = guessMapping({ version: 1, alerts: [{ name: 'Disk', state: 'ok' }] }, 'nas');
    expect(guess).toMatchObject({ items: 'alerts', status: '{state}', title: '{name}' });
  });

  it('is always a mapping, and reads the sample it was made of or says why not', () => {
    const name = fc.constantFrom(
      'host',
      'status',
      'event',
      'time',
      'a b',
      'x.y',
      '{z}',
      '__proto__',
      'alerts',
      '',
    );
    const sample = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(
        name,
        fc.oneof(fc.jsonValue(), fc.constantFrom<Json>('down', 'ok', 'high', 1_777_896_000)),
      ),
    );
    fc.assert(
      fc.property(sample, fc.string({ maxLength: 20 }), (body, topic) => {
        const { mapping: guess } = guessMapping(body as Json, topic);
        expect(mappingSchema.safeParse(guess).error?.issues ?? []).toEqual([]);
        expect(applyMapping(guess, body as Json, 'ci').ok).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
