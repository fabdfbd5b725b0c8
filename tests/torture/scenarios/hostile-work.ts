// Expressions, patterns and templates made to never end: each is refused or ends, and holds the process up only briefly.
import { matches, parseMatcher } from '#core/matcher.ts';
import { kindBook } from '#evaluate/kind-book.ts';
import { kinds } from '#evaluate/kinds/index.ts';
import { readTemplate, renderTemplate } from '#notify/templates/engine.ts';
import { atMost, type Scenario, told } from './scenario.ts';

const limitMs = 50;
const long = 'a'.repeat(20_000);
const event = {
  ...{
    seq: 1,
    id: 'e',
    fingerprint: 'f',
    receivedAt: 0,
    source: 's',
    type: 'a.b',
    subject: long,
    labels: { host: long },
  },
  data: {
    text: long,
    list: Array.from({ length: 5_000 }, (_, i) => i),
    deep: { a: { b: { c: long } } },
    n: 1,
  },
};

const patterns = [
  '^(a+)+$',
  '(a|a)*$',
  '(a|aa)+$',
  '([a-z]+)*!',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(x+x+)+y',
  '(.*a){20}',
  '^(a?){50}a{50}$',
  '(\\w+\\s?)+$',
  '(a*)*b',
  '(?:a{1,100}){1,100}',
  '.*.*.*.*.*=.*',
];
const expressions = [
  'event.list.all(a, event.list.all(b, event.list.all(c, a + b + c > -1)))',
  'event.list.map(a, event.list.map(b, a * b)).size() > 0',
  '[1,2,3,4,5,6,7,8,9].map(a, event.list.filter(b, b > a)).size() > 3',
  'event.text + event.text + event.text + event.text == event.text',
  `${'('.repeat(200)}true${')'.repeat(200)}`,
  `${'!'.repeat(1_500)}true`,
  Array.from({ length: 300 }, (_, i) => `event.n == ${i}`).join(' || '),
  ...patterns.map((pattern) => `event.text.matches(${JSON.stringify(pattern)})`),
];
const templates = [
  '{% for i in (1..1000) %}{% for j in (1..1000) %}{{ j }}{% endfor %}{% endfor %}',
  '{% for i in (1..1000000000) %}x{% endfor %}',
  '{% assign a = "aaaaaaaaaa" %}{% for i in (1..30) %}{% assign a = a | append: a %}{% endfor %}{{ a }}',
  '{% assign b = "x" | append: "xxxxxxxxxxxxxxxx" %}{% for i in (1..200) %}{% assign b = b | replace: "x", "xxxx" %}{% endfor %}{{ b }}',
  '{{ "now" | date: "%1000000000d" }}',
  `{{ a${' | upcase'.repeat(150)} }}`,
  '{% if a %}'.repeat(90) + '{% endif %}'.repeat(90),
];

export const hostileWork: Scenario = {
  name: 'hostile-work',
  title: 'expressions, patterns and templates that would never end: each ends, and quickly',
  covers: ['F39'],
  queues: ['postgres'],
  async run({ profile }) {
    const rounds = profile === 'release' ? 50 : 4;
    const slowest = { what: '', ms: 0 };
    let done = 0;
    /** The processor’s own time: what other programs take of it is not ours. */
    const clocked = (what: string, work: () => unknown) => {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      const ms = (user + system) / 1_000;
      done++;
      if (ms > slowest.ms) Object.assign(slowest, { what, ms });
    };
    const kind = kinds.find(({ name }) => name === 'expression')!;
    for (let round = 0; round < rounds; round++) {
      // The first round warms up what later ones measure.
      if (round === 1) Object.assign(slowest, { what: '', ms: 0 });
      for (const when of expressions)
        clocked(`expression ${when.slice(0, 60)}`, () => {
          const checked = kindBook.check('expression', { when });
          if (checked.ok) kind.step(checked.params as never, null as never, event as never, 0);
        });
      for (const pattern of patterns)
        clocked(`pattern ${pattern}`, () => {
          const read = parseMatcher(`text =~ ${JSON.stringify(pattern)}`);
          if (read.ok) matches(read.matcher, event);
        });
      for (const text of templates)
        clocked(`template ${text.slice(0, 60)}`, () => {
          if (readTemplate(text).ok) renderTemplate(text, { a: long });
        });
    }
    return [
      told('pieces of work', done),
      told('the slowest', slowest.what),
      atMost('longest that the loop was held up', Math.round(slowest.ms), limitMs, ' ms'),
    ];
  },
};
