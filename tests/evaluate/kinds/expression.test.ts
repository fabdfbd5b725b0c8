// Conditions in CEL: what they can say, what is refused with which reason, and that none of them can hold a worker.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '#core/json.ts';
import { kindBook } from '../../../src/evaluate/kind-book.ts';
import { kindNamed } from '../../../src/evaluate/kinds/index.ts';
import { eventWith } from '../stage.ts';

const kind = kindNamed('expression')!;
const event = eventWith({
  data: {
    usage: 93.5,
    text: '94 %',
    count: 7,
    disks: [
      { name: 'a', used: 91 },
      { name: 'b', used: 12 },
    ],
    list: [1, 2, 3],
    'odd name': true,
    nothing: null,
  },
  labels: { host: 'cad1', usage: 'label' },
  severity: 'critical',
});
const ask = (when: string, of = event) => {
  const { reading } = kind.step(kind.params.parse({ when }), null, of, 0);
  return reading.is === 'unknown' ? reading.text : reading.is === 'met';
};
const fault = (when: unknown) => {
  const checked = kindBook.check('expression', { when });
  return checked.ok ? undefined : checked.faults[0]!.text;
};

it.each([
  ['event.usage > 90', true],
  ['event.usage + 1 > 94.4 && event.usage - 1 < 93', true],
  ['event.count % 2 == 1 && event.count / 2 == 3.5 && 2 * event.count == 14', true],
  ['event.usage == 93.5 && event.count == 7', true],
  ['event.host == "cad1" && event.subject.startsWith("/") && event.severity == "critical"', true],
  ['event.labels.usage == "label" && event.data.usage > 90', true],
  ['event.disks.exists(d, d.used > 90 && d.name == "a")', true],
  ['event.disks.filter(d, d.used > 10).map(d, d.name) == ["a", "b"]', true],
  ['event.disks.all(d, d.used > 90)', false],
  ['event.host in ["cad1", "cad2"]', true],
  ['2 in event.list && event.list.size() == 3', true],
  ['has(event.gone) && event.gone > 1', false],
  ['event.?gone.orValue(0) > 1', false],
  ['event["odd name"] && event.nothing == null', true],
  ['event.host.re("^cad\\\\d$")', true],
  ['int(event.text.split(" ")[0]) > 90', true],
  ['event.status == ""', true],
  ['event.gone > 1', 'no “gone” in the event'],
  ['event.disks[0].gone > 1', 'no “gone” in the event'],
  ['event.text > 90', 'no such overload: dyn<string> > int'],
  ['event.usage', 'it said neither true nor false'],
  ['event.constructor == 1', 'no “constructor” in the event'],
  ['event.__proto__ == null', 'no “__proto__” in the event'],
  ['event.data.toString == null', 'no “toString” in the event'],
])('%s → %s', (when, answer) => {
  expect(fault(when)).toBeUndefined();
  expect(ask(when)).toBe(answer);
});

it.each([
  ['', 'which condition?'],
  ['event.usage >', 'the condition ends in the middle, after “event.usage >”'],
  [
    `event.host == "${'x'.repeat(60)}" && `,
    `the condition ends in the middle, after “…${'x'.repeat(36)}" &&”`,
  ],
  ['(event.usage > 1', 'the condition ends in the middle, after “(event.usage > 1”: “)” is missing'],
  ['event.', 'the condition ends in the middle, after “event.”: a name is missing'],
  ['event.usage > )', 'I cannot read “)” at character 15'],
  ['event.usage >> 1', 'I cannot read “>” at character 14'],
  ['event.list[1 2]', 'I cannot read “2” at character 14; “]” is missing before it'],
  ['event.usage > 1 and event.count > 2', 'I cannot read “and” at character 17; write &&'],
  ['event.usage = 1', 'I cannot read “=” at character 13; write =='],
  ['event.usage <> 1', 'I cannot read “<>” at character 13; write !='],
  ['event.usage < > 1', 'I cannot read “>” at character 15'],
  ['not event.up', 'I cannot read “not” at character 1; write !(…)'],
  ['event.a == 1 && NOT  event.up', 'I cannot read “NOT” at character 17; write !(…)'],
  ['event.not event.up', 'I cannot read “event” at character 11'],
  ['<> 1', 'I cannot read “<>” at character 1; write !='],
  ['not(event.up)', 'not() is not known here; write !'],
  ['event.host not in ["a"]', 'I cannot read “not” at character 12; write !(event.host in [...])'],
  ['event.up && event.host not in event.list', 'write !(event.host in event.list)'],
  ['size(event.list) not in [1]', 'write !(… in [...])'],
  ['event.host == “cad1”', 'the quotes at character 15 are not plain ones; write "'],
  ['event.host == 😀', 'I cannot read “😀” at character 15'],
  ['event.host == "cad1', 'the quotes that open at character 15 are not closed'],
  ['usage > 90', 'there is no “usage”; write event.usage'],
  ['event.size()', 'it must say true or false, not an int'],
  ['event.host.matches("^(a+)+$")', 'matches() is not known here; write re()'],
  ['event.list.exists(x, event.host.matches("a"))', 'matches() is not known here'],
  ['event.host.re(event.pattern)', 're() takes a pattern in quotes'],
  ['event.host.re("(")', 'is no pattern that can be used'],
  ['event.host.re("a{1000}")', 'this pattern is too large'],
  ['timestamp("2026-01-01T00:00:00Z") > timestamp("2025-01-01T00:00:00Z")', 'there is no “timestamp()” here'],
  ['cel.bind(x, 1, x > 1)', 'there is no “bind()” here'],
  ['meter()', 'there is no “meter()” here'],
  ['event.list.exists(x, event.list.exists(y, event.list.exists(z, z == y)))', 'only twice'],
  [`event.host == "${'x'.repeat(2000)}"`, 'at most 2,000 characters'],
  [`${'('.repeat(200)}true${')'.repeat(200)}`, 'too large or nested too deeply'],
  [`${'!'.repeat(900)}true`, 'too large or nested too deeply'],
  [Array.from({ length: 250 }, () => 'true').join('&&'), 'too large or nested too deeply'],
  [`[${'['.repeat(100)}${']'.repeat(100)}] == []`, 'too large or nested too deeply'],
  ['event.a.b.c'.padEnd(900, '.d'), 'too large or nested too deeply'],
  [5, 'when is not what was expected'],
])('refuses %s', (when, reason) => {
  expect(fault(when)).toContain(reason);
});

it('has nothing to propose for a word that only JavaScript knows', () => {
  expect(fault('event.a constructor')).toMatch(/I cannot read “constructor” at character 9\W*$/);
});

describe('however hostile, it ends within its budget', () => {
  const big = eventWith({
    data: { list: Array.from({ length: 900 }, (_, i) => i), s: 'a'.repeat(50_000), words: 'b '.repeat(400) },
  });
  it.each([
    'event.list.all(x, event.list.all(y, x + y >= 0))',
    'event.list.map(x, event.list.map(y, [x, y])).size() > 0',
    `event.list${'.map(x, [x, x])'.repeat(10)}.size() > 0`,
    `"${'a'.repeat(500)}" == event.list.map(x, event.s).join("")`,
    `[event.s]${'.map(x, x + x)'.repeat(20)}.size() == 1`,
    `[event.list]${'.map(x, x + x)'.repeat(20)}.size() == 1`,
    'event.list.all(x, event.data == event.data || event.list == event.list)',
    'event.list.all(x, event.s.contains(event.s + "b") || true)',
    'event.list.all(x, event.s.re("(a|a)*(a|a)*(a|a)*b") || true)',
    'event.list.exists(x, event.s.split("").size() == 1)',
  ])('%s', (when) => {
    expect(fault(when)).toBeUndefined();
    expect(ask(when, big)).toBe('it was too much work');
    // The next one has its whole budget again.
    expect(ask('event.list.all(x, x >= 0)', big)).toBe(true);
  });

  it('says so when the event itself is too large', () => {
    const huge = eventWith({ data: { list: Array.from({ length: 5000 }, (_, i) => i) } });
    expect(ask('event.list.size() > 1', huge)).toBe('the event holds too much for an expression');
  });

  it('takes ten thousand random expressions, and throws at none', () => {
    const leaf = fc.constantFrom(
      ...[
        'event',
        'event.usage',
        'event.list',
        'event.host',
        'event.nope',
        'event.__proto__',
        'event.constructor',
      ],
      ...[
        'x',
        '1',
        '2.5',
        '"a"',
        '""',
        'null',
        'true',
        '[]',
        '{}',
        '-9223372036854775808',
        '1e308',
        'event.data',
      ],
    );
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc
          .tuple(
            tie('tree'),
            fc.constantFrom('+', '-', '*', '/', '%', '==', '!=', '<', '>', 'in', '&&', '||'),
            tie('tree'),
          )
          .map(([a, op, b]) => `(${a} ${op} ${b})`),
        fc
          .tuple(tie('tree'), fc.constantFrom('map', 'filter', 'exists', 'all', 'exists_one'), tie('tree'))
          .map(([a, name, b]) => `${a}.${name}(x, ${b})`),
        fc
          .tuple(
            tie('tree'),
            fc.constantFrom('size', 'split', 'join', 'contains', 're', 'matches', 'trim', 'toString'),
            tie('tree'),
          )
          .map(([a, name, b]) => `${a}.${name}(${b})`),
        fc.tuple(tie('tree'), tie('tree'), tie('tree')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `${a}[${b}]`),
        fc.tuple(fc.constantFrom('!', '-'), tie('tree')).map(([op, a]) => `${op}${a}`),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `[${a}, ${b}, {"k": ${a}}]`),
      ),
    }));
    let usable = 0;
    fc.assert(
      fc.property(tree, (when) => {
        const checked = kindBook.check('expression', { when });
        if (!checked.ok) {
          expect(checked.faults[0]!.text).toMatch(/^.{3,400}$/s);
          return;
        }
        usable++;
        for (const one of [event, big]) {
          const { reading } = kind.step(checked.params, null, one, 0);
          expect(['met', 'unmet', 'unknown']).toContain(reading.is);
        }
      }),
      { numRuns: 10_000 },
    );
    expect(usable).toBeGreaterThan(300);
  });
});

it('equals plain JavaScript on comparisons and logic', () => {
  const number = fc.integer({ min: -5, max: 5 });
  const test = fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('>', '>=', '<', '<=', '==', '!='), number);
  const holds = ([field, op, value]: [string, string, number], data: Record<string, Json>) => {
    const is = data[field] as number;
    return (
      {
        '>': is > value,
        '>=': is >= value,
        '<': is < value,
        '<=': is <= value,
        '==': is === value,
        '!=': is !== value,
      } as Record<string, boolean>
    )[op]!;
  };
  fc.assert(
    fc.property(
      fc.array(test, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      number,
      number,
      (tests, and, a, b) => {
        const when = tests
          .map(([field, op, value]) => `event.${field} ${op} ${value}`)
          .join(and ? ' && ' : ' || ');
        const expected = and
          ? tests.every((one) => holds(one, { a, b }))
          : tests.some((one) => holds(one, { a, b }));
        expect(ask(when, eventWith({ data: { a, b } }))).toBe(expected);
      },
    ),
    { numRuns: 300 },
  );
});
