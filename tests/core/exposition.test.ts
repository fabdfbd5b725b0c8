// Pages of metrics: what prom-client writes is read back, and whatever else comes ends quickly with a line and a reason.
import fc from 'fast-check';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { readExposition, type Sample } from '#core/exposition.ts';

const plain = ({ labels, ...rest }: Sample) => ({ ...rest, labels: Object.fromEntries(labels) });
const read = (page: string, options = {}) => {
  const answer = readExposition(page, options);
  return answer.ok ? answer.samples.map(plain) : answer;
};
const key = (name: string, labels: object) =>
  JSON.stringify([
    name,
    Object.entries(labels)
      .map(([label, value]) => [label, String(value)])
      .sort(),
  ]);

const labelName = fc
  .stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/)
  .filter((name) => !['le', 'quantile'].includes(name));
const labelValue = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '\\', '"', '\n', '\\n', 'a"b\\', '}', ',', '# ', 'x="'),
);
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 5e-324));

describe('what prom-client writes', () => {
  for (const type of ['prometheus', 'openmetrics'] as const)
    it(`is read back as it was meant (${type})`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(labelName, { maxLength: 4 }),
          fc.array(fc.tuple(fc.array(labelValue, { minLength: 4, maxLength: 4 }), number), { maxLength: 6 }),
          async (labelNames, rows) => {
            const registry = new Registry();
            if (type === 'openmetrics')
              (registry as unknown as Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>).setContentType(
                Registry.OPENMETRICS_CONTENT_TYPE,
              );
            const about = { help: 'a \\ "help"\nof lines', labelNames, registers: [registry] };
            const gauge = new Gauge({ name: 'a_gauge', ...about });
            const counter = new Counter({ name: 'a_counter', ...about });
            const histogram = new Histogram({
              name: 'a_histogram',
              ...about,
              buckets: [0.1, 5],
              enableExemplars: type === 'openmetrics',
            });
            for (const [values, value] of rows) {
              const labels = Object.fromEntries(labelNames.map((name, i) => [name, values[i]!]));
              gauge.set(labels, value);
              counter.inc(labels, Number.isFinite(value) ? Math.abs(value) : 1);
              const seen = Number.isFinite(value) ? value : 1;
              if (type === 'openmetrics')
                histogram.observe({ labels, value: seen, exemplarLabels: { trace_id: 'a b' } } as never);
              else histogram.observe(labels, seen);
            }
            const page = await registry.metrics();
            const got = readExposition(page, { openMetrics: type === 'openmetrics' });
            const meant = (await registry.getMetricsAsJSON()).flatMap((metric) =>
              metric.values.map((value) => {
                const name = (value as { metricName?: string }).metricName ?? metric.name;
                const total = type === 'openmetrics' && metric.type === ('counter' as never) ? '_total' : '';
                const bounds = Object.fromEntries(
                  Object.entries(value.labels).map(([label, one]) => [
                    label,
                    one === undefined ? '' : String(one),
                  ]),
                );
                return [key(name + total, bounds), value.value + 0] as const;
              }),
            );
            if (!got.ok) throw new Error(`${got.line}: ${got.text}\n${page}`);
            expect(
              new Map(got.samples.map((one) => [key(one.name, Object.fromEntries(one.labels)), one.value])),
            ).toEqual(new Map(meant));
            expect(got.samples).toHaveLength(meant.length);
          },
        ),
        { numRuns: 150 },
      );
    });
});

describe('single lines', () => {
  it.each([
    ['a 1', { name: 'a', labels: {}, value: 1 }],
    ['  a:b_total\t 1e3 ', { name: 'a:b_total', labels: {}, value: 1000 }],
    ['a{} +Inf', { name: 'a', labels: {}, value: Infinity }],
    ['a -inf', { name: 'a', labels: {}, value: -Infinity }],
    ['a{ b = "c" , d="e", } NaN', { name: 'a', labels: { b: 'c', d: 'e' }, value: NaN }],
    ['a{b="\\\\ \\" \\n \\t"} 1', { name: 'a', labels: { b: '\\ " \n \\t' }, value: 1 }],
    ['a 1 1700000000123', { name: 'a', labels: {}, value: 1, at: 1700000000123 }],
    ['a 1 -5', { name: 'a', labels: {}, value: 1, at: -5 }],
    [
      'a{__proto__="x",constructor="y"} 1',
      { name: 'a', labels: JSON.parse('{"__proto__":"x","constructor":"y"}'), value: 1 },
    ],
    ['{"a.b","c d"="e"} 2', { name: 'a.b', labels: { 'c d': 'e' }, value: 2 }],
    ['a_bucket{le="0.5",path="/x"} 3', { name: 'a_bucket', labels: { le: '0.5', path: '/x' }, value: 3 }],
  ])('%s', (line, sample) => {
    expect(read(line)).toEqual([sample]);
    expect(read(`# HELP a b\n# TYPE a gauge\n\n${line}\r\n`)).toEqual([sample]);
  });

  it('reads OpenMetrics: seconds, exemplars, the end', () => {
    const page =
      'a_total{b="c"} 17 1700000000.5 # {trace_id="# 1"} 0.67 1600000000\nb_bucket{le="1"} 2 # {} 1\n# EOF\n';
    expect(read(page, { openMetrics: true })).toEqual([
      { name: 'a_total', labels: { b: 'c' }, value: 17, at: 1_700_000_000_500 },
      { name: 'b_bucket', labels: { le: '1' }, value: 2 },
    ]);
  });

  it('steps over what nobody wants, but never over what is no metric', () => {
    expect(read('a 1\nb{c="d" 2\nb2 what\na 3', { wanted: (name: string) => name === 'a' })).toHaveLength(2);
    expect(read('a 1\n<html>', { wanted: () => false })).toMatchObject({ ok: false, line: 2 });
  });
});

describe('what is refused, with its line and a reason', () => {
  it.each([
    ['<!doctype html>', 1, /no line of metrics/],
    ['a 1\nb', 2, /value is missing/],
    ['a one', 1, /no number/],
    ['a 1 2 3', 1, /follows/],
    ['a 1 # {x="y"} 1', 1, /follows/],
    ['a 1 1.5', 1, /time/],
    ['a 1 1e400', 1, /time/],
    ['a{b="c} 1', 1, /quotes/],
    ['a{b="c"', 1, /end/],
    ['a{b="c",b="d"} 1', 1, /twice/],
    ['a{b=c} 1', 1, /quotes/],
    ['a{"x"} 1', 1, /two/],
    ['{b="c"} 1', 1, /name/],
    ['a{é="c"} 1', 1, /name/],
    ['a 0x10', 1, /no number/],
    ['a 1_000', 1, /no number/],
  ])('%j', (page, line, reason) => {
    expect(read(page)).toEqual({ ok: false, line, text: expect.stringMatching(reason) });
  });

  it('a page of OpenMetrics that was cut off, or goes on', () => {
    expect(read('a 1\n', { openMetrics: true })).toMatchObject({
      ok: false,
      text: expect.stringMatching(/ends before/),
    });
    expect(read('# EOF\na 1\n', { openMetrics: true })).toMatchObject({ ok: false, line: 1 });
    expect(read('a 1 1e400\n# EOF', { openMetrics: true })).toMatchObject({
      ok: false,
      text: expect.stringMatching(/time/),
    });
  });

  it('too much of everything', () => {
    const limits = { samples: 2, labels: 2, line: 50, text: 10 };
    const refused = (page: string) => expect(readExposition(page, {}, limits)).toMatchObject({ ok: false });
    refused('a 1\na 2\na 3');
    refused('a{b="",c="",d=""} 1');
    refused(`a ${'1'.repeat(60)}`);
    refused(`a{${'b'.repeat(11)}=""} 1`);
    expect(readExposition('a{b="0123456789abc"} 1', {}, limits)).toMatchObject({
      samples: [{ labels: new Map([['b', '0123456789']]) }],
    });
  });

  it('never throws and ends quickly, whatever comes', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        'a',
        '{',
        '}',
        '"',
        '\\',
        '=',
        ',',
        ' ',
        '\n',
        '\t',
        '#',
        '1',
        'NaN',
        '{"',
        '"}',
        '# EOF\n',
        'b="c"',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.boolean(), (pieces, openMetrics) => {
        const answer = readExposition(pieces.join(''), { openMetrics });
        if (answer.ok) for (const { name } of answer.samples) expect(name).not.toBe('');
        else expect([answer.line > 0 || openMetrics, answer.text.length < 200]).toEqual([true, true]);
      }),
      { numRuns: 3_000 },
    );
    for (const nasty of ['a{b="\\', '{', 'a{b="c",', '"', ' ', '\\"'])
      expect(readExposition(nasty.repeat(200_000)).ok).toBe(false);
  });
});
