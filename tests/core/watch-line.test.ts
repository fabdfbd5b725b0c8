// The one-line form of a rule: what is understood, what is not, and that it can be printed and read again.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWatchLine, printWatchLine, type WatchLine } from '#core/watch-line.ts';

const limit = (op: string, number: number, more: object = {}) => ({
  topic: 'disk.usage',
  kind: 'threshold',
  params: { field: 'usage', op, limit: number, ...more },
});
const change = (params: object) => ({
  topic: 'node.state',
  kind: 'change',
  params: { field: 'state', ...params },
});

const good: [string, object][] = [
  ['disk.usage usage > 90', limit('>', 90)],
  ['disk.usage usage >= 90', limit('>=', 90)],
  ['disk.usage usage < 5', limit('<', 5)],
  ['disk.usage usage <= 5', limit('<=', 5)],
  ['disk.usage usage>90', limit('>', 90)],
  ['disk.usage usage ≥ 90', limit('>=', 90)],
  ['disk.usage usage > 90%', limit('>', 90)],
  ['disk.usage usage > 90 %', limit('>', 90)],
  ['disk.usage usage > -3.5', limit('>', -3.5)],
  ['disk.usage usage > 1e3', limit('>', 1000)],
  ['disk.usage usage above 90', limit('>', 90)],
  ['disk.usage usage OVER 90', limit('>', 90)],
  ['disk.usage usage below 5', limit('<', 5)],
  ['disk.usage usage under 5', limit('<', 5)],
  ['disk.usage usage > 90 clear 85', limit('>', 90, { clear: 85 })],
  ['disk.usage clear 85 usage > 90', limit('>', 90, { clear: 85 })],
  ['  disk.usage\u00a0 usage\n> 90  ', limit('>', 90)],
  ['disk.usage usage > 90 for 5m', { ...limit('>', 90), forMs: 300_000 }],
  ['disk.usage usage > 90 for 5 minutes', { ...limit('>', 90), forMs: 300_000 }],
  ['disk.usage usage > 90 for 1h30m', { ...limit('>', 90), forMs: 5_400_000 }],
  ['disk.usage for 5m usage > 90', { ...limit('>', 90), forMs: 300_000 }],
  ['disk.usage usage > 90 keep 10m', { ...limit('>', 90), keepFiringForMs: 600_000 }],
  ['disk.usage usage > 90 severity critical', { ...limit('>', 90), severity: 'critical' }],
  ['disk.usage usage > 90 severity page', { ...limit('>', 90), severity: 'critical' }],
  [
    'disk.usage usage > 90 for 5m severity critical',
    { ...limit('>', 90), forMs: 300_000, severity: 'critical' },
  ],
  ['disk.usage usage > 90 named "Disk"', { ...limit('>', 90), name: 'Disk' }],
  ['disk.usage usage > 90 named “My disk”', { ...limit('>', 90), name: 'My disk' }],
  ['disk.usage usage > 90 per host', { ...limit('>', 90), key: ['host'] }],
  ['disk.usage usage > 90 per host, disk', { ...limit('>', 90), key: ['host', 'disk'] }],
  [
    'disk.usage usage > 90 where host = cad1',
    { ...limit('>', 90), match: [{ field: 'host', op: '=', value: 'cad1' }] },
  ],
  [
    'disk.usage usage > 90 where host == cad1',
    { ...limit('>', 90), match: [{ field: 'host', op: '=', value: 'cad1' }] },
  ],
  [
    'disk.usage usage > 90 where host =~ "cad.*" and env != test',
    {
      ...limit('>', 90),
      match: [
        { field: 'host', op: '=~', value: 'cad.*' },
        { field: 'env', op: '!=', value: 'test' },
      ],
    },
  ],
  [
    'disk.usage where free < 10',
    { topic: 'disk.usage', kind: 'every', match: [{ field: 'free', op: '<', value: '10' }] },
  ],
  ['alertmanager.**', { topic: 'alertmanager.**', kind: 'every', params: {} }],
  ['builds.* every', { topic: 'builds.*', kind: 'every', params: {} }],
  ['node.state state changes', change({})],
  ['node.state state changed', change({})],
  ['node.state state changes to Hired', change({ to: 'Hired' })],
  ['node.state state becomes Hired', change({ to: 'Hired' })],
  ['node.state state changes from Ready', change({ from: 'Ready' })],
  ['node.state state changes from "Cluster Ready" to Hired', change({ from: 'Cluster Ready', to: 'Hired' })],
  ['node.state state changes from Cluster Ready to Hired', change({ from: 'Cluster Ready', to: 'Hired' })],
  ['node.state state changes to Hired or Lost', change({ to: ['Hired', 'Lost'] })],
  [
    'node.state state changes to Hired, Lost for 2m',
    { ...change({ to: ['Hired', 'Lost'] }), forMs: 120_000 },
  ],
  [
    'node.state "for" > 3',
    { topic: 'node.state', kind: 'threshold', params: { field: 'for', op: '>', limit: 3 } },
  ],
  [
    'node.state severity > 3',
    { topic: 'node.state', kind: 'threshold', params: { field: 'severity', op: '>', limit: 3 } },
  ],
];

describe('understood', () => {
  it.each(good)('%s', (line, wanted) => {
    expect(parseWatchLine(line)).toMatchObject({ ok: true, ...wanted });
  });
});

const bad: [string, string, string | undefined][] = [
  ['', '', undefined],
  ['disk.usage usage >> 90', '>>', 'disk.usage usage > 90'],
  ['disk.usage usage => 90', '=>', 'disk.usage usage >= 90'],
  ['disk.usage usage > > 90', '>', 'disk.usage usage > 90'],
  ['disk.usage usage <> 90', '<>', 'disk.usage usage < 90'],
  ['disk.usage usage >', '>', undefined],
  ['disk.usage usage > ninety', 'ninety', undefined],
  ['disk.usage usage > 9O', '9O', 'disk.usage usage > 90'],
  ['disk.usage usage > 90 fro 5m', 'fro', 'disk.usage usage > 90 for 5m'],
  ['disk.usage usage > 90 for', 'for', undefined],
  ['disk.usage usage > 90 for ages', 'ages', undefined],
  ['disk.usage usage > 90 for 5x', '5x', 'disk.usage usage > 90 for 5m'],
  ['disk.usage usage > 90 severity crticial', 'crticial', 'disk.usage usage > 90 severity critical'],
  ['disk.usage usage > 90 severity', 'severity', undefined],
  ['disk.usage usage > 90 free < 3', 'free', 'disk.usage usage > 90 where free < 3'],
  ['disk.usage usage = 90', '=', 'disk.usage usage changes to 90'],
  ['node.state state = Hired', '=', 'node.state state changes to Hired'],
  ['node.state state != Hired', '!=', undefined],
  ['disk/usage usage > 90', 'disk/usage', 'disk.usage usage > 90'],
  ['> 90', '>', undefined],
  ['disk.usage 90', '90', undefined],
  ['disk.usage every clear 5', 'clear', undefined],
  ['disk.usage where', '', undefined],
  ['disk.usage where host', 'host', undefined],
  ['disk.usage where host =~ "("', '"("', undefined],
  ['disk.usage usage > 90 weekdays 9-18', 'weekdays', undefined],
  ['disk.usage usage > 90 "stray', '"', undefined],
  ['disk.usage usage > 90 named', 'named', undefined],
  ['disk.usage usage > 90 svrty crtical fro 5m', 'svrty', undefined],
];

describe('not understood', () => {
  it.each(bad)('%s', (line, piece, meant) => {
    const read = parseWatchLine(line);
    expect(read.ok).toBe(false);
    if (read.ok) return;
    expect(read.piece).toBe(piece);
    expect(read.meant).toBe(meant);
    expect(read.fault).toMatch(/^\S.{5,}/);
    expect(read.fault.replaceAll('!=', '')).not.toContain('!');
    if (meant !== undefined) expect(parseWatchLine(meant).ok).toBe(true);
  });
});

const text = fc
  .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
  .filter((s) => s.trim() === s && !/[\u0000\ud800-\udfff“”„«»]/.test(s));
const field = fc.constantFrom('usage', 'disk.free', 'for', 'state', 'labels.host');
const matcher = fc.record({
  field: fc.constantFrom('host', 'env'),
  op: fc.constantFrom('=' as const, '!=' as const),
  value: text,
});
const line: fc.Arbitrary<WatchLine> = fc
  .record({
    topic: fc.constantFrom('disk.usage', 'a.**', '*'),
    rule: fc.oneof(
      fc.record({ kind: fc.constant('every' as const), params: fc.constant({}) }),
      fc.record({
        kind: fc.constant('threshold' as const),
        params: fc.record(
          { field, op: fc.constantFrom('>', '<='), limit: fc.integer(), clear: fc.integer() },
          { requiredKeys: ['field', 'op', 'limit'] },
        ),
      }),
      fc.record({
        kind: fc.constant('change' as const),
        params: fc.record(
          { field, from: text, to: fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 3 })) },
          { requiredKeys: ['field'] },
        ),
      }),
    ),
    match: fc.array(matcher, { maxLength: 3 }),
    forMs: fc.nat({ max: 1e9 }),
    keepFiringForMs: fc.nat({ max: 1e9 }),
    extra: fc.record(
      {
        severity: fc.constantFrom('info' as const, 'critical' as const),
        name: text,
        key: fc.array(fc.constantFrom('host', 'subject'), { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(
    ({ topic, rule, match, forMs, keepFiringForMs, extra }) =>
      ({ topic, ...rule, match, forMs, keepFiringForMs, ...extra }) as WatchLine,
  );

describe('printed', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(line, (watch) => {
        expect(parseWatchLine(printWatchLine(watch))).toEqual({ ok: true, ...watch });
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, and what it says was meant is always understood', () => {
    const word = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom(
        'usage',
        '>',
        '>>',
        '=',
        'for',
        '5m',
        'where',
        'changes',
        'to',
        '"',
        ',',
        'and',
        'disk.usage',
        'severity',
        'sevrity',
        '90',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 10 }), (words) => {
        const read = parseWatchLine(words.join(' '));
        if (!read.ok && read.meant !== undefined) expect(parseWatchLine(read.meant).ok).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
