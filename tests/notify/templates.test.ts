// Words of people's own: what they can name, how they look in three forms, and that none of them can hold a worker.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '#core/alert.ts';
import { bySpecificity } from '#core/wording.ts';
import { previewTemplate, templateBook } from '../../src/notify/templates/book.ts';
import { renderTemplate } from '../../src/notify/templates/engine.ts';
import { linesOf } from '../../src/notify/templates/markup.ts';
import { scopeOf, variables } from '../../src/notify/templates/scope.ts';
import { wordsOf } from '../../src/notify/templates/words.ts';

const now = Date.UTC(2026, 4, 4, 10, 0);
const facts = { rule: 'Disk', units: { usage: '%' }, zone: 'Europe/Berlin', now };
const alert: Alert = {
  id: 'a_1',
  ruleId: 'r_1',
  ownerId: 'p_1',
  key: '',
  labels: { source: 'cad', subject: '/home' },
  topic: 'disk.usage',
  subject: '/home',
  title: 'Disk nearly full',
  fields: {
    host: 'cad <1>',
    'disk.free': '12',
    runbook: 'https://wiki/disk',
    status: 'a field',
    constructor: 'x',
  },
  status: 'firing',
  severity: 'warning',
  reading: {
    is: 'met',
    field: 'usage',
    value: 93.5,
    limit: 90,
    text: '93.5, limit 90',
    trend: 'rising about 1.2 a day',
  },
  since: now - 300_000,
  firedAt: now - 300_000,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  snoozedUntil: null,
  dueAt: null,
  count: 3,
  rev: 1,
};
const over: Alert = {
  ...alert,
  status: 'resolved',
  resolvedAt: now,
  reading: { is: 'unmet', text: '80, limit 90' },
};
const say = (template: string, of = alert) => {
  const done = renderTemplate(template, scopeOf(of, facts));
  return done.ok ? done.text : `fault: ${done.fault}`;
};

describe('what a template can name', () => {
  it.each([
    ['{{ value }}, limit {{ limit }}, {{ distance }} over', '93.5 %, limit 90 %, 3.5 % over'],
    ['{{ trend }}; {{ text }}', 'rising about 1.2 a day; 93.5 %, limit 90, rising about 1.2 a day'],
    ['{{ since }} for {{ duration }}, {{ count }} times', '11:55 for 5 min, 3 times'],
    [
      '{{ sign }} {{ severity }} {{ subject }} {{ rule }} {{ topic }} {{ unit }}',
      '🟠 warning /home Disk disk.usage %',
    ],
    ['{{ host }} {{ disk.free }} {{ event.disk.free }} {{ fields["disk.free"] }}', 'cad &lt;1&gt; 12 12 12'],
    ['{{ labels.source }} {{ status }} {{ fields.status }}', 'cad firing a field'],
    ['{% for link in links %}{{ link.name }}: {{ link.url }}{% endfor %}', 'runbook: https://wiki/disk'],
    ['{{ reading.value | minus: reading.limit }}', '3.5'],
    ['{{ nothing }}{{ labels.nothing.deeper }}{{ by | default: "nobody" }}', 'nobody'],
    ['{% if severity == "warning" and reading.value > 90 %}yes{% else %}no{% endif %}', 'yes'],
    ['{{ host | raw }}{{ host | escape }}', 'cad &lt;1&gt;cad &lt;1&gt;'],
    ['{{ toString }}{{ labels.constructor }}{{ labels.__proto__ }}{{ __proto__ }}', ''],
    ['{{ labels }}', 'source: cad, subject: /home'],
  ])('%s', (template, said) => {
    expect(say(template)).toBe(said);
  });

  it('names everything that is offered', () => {
    const scope = scopeOf(alert, facts);
    expect(variables.filter((name) => !(name in scope))).toEqual([]);
  });
});

describe('three forms of one template', () => {
  const wording = {
    title: '{{ subject }} is at {{ value }}',
    text: '<b>{{ host }}</b> has {{ disk.free }} left.\n\n\n<code>df -h</code> & {{ trend }}\n',
    over: 'Well again after {{ duration }}.',
  };

  it('is told plainly, as Telegram reads it, and on one line', () => {
    const shown = previewTemplate(wording, alert, facts);
    expect(shown.plain.split('\n').slice(0, 4)).toEqual([
      '🟠 /home is at 93.5 %',
      'cad <1> has 12 left.',
      '',
      'df -h & rising about 1.2 a day',
    ]);
    expect(shown.html).toContain('<code>/home</code><b> is at 93.5 %</b>');
    expect(shown.html).toContain('<b>cad &lt;1&gt;</b> has 12 left.');
    expect(shown.html).toContain('<code>df -h</code> &amp; rising');
    expect(shown.line).toBe('🟠 /home is at 93.5 %: cad <1> has 12 left. df -h & rising about 1.2 a day');
    expect(previewTemplate(wording, over, facts).plain).toBe(
      '✅ /home is at is over\nWell again after 5 min.',
    );
  });

  it('is worded as usual where it says nothing, with the unit', () => {
    const usual = previewTemplate({}, alert, facts);
    expect(usual.plain).toMatch(
      /^🟠 Disk nearly full: \/home\n93.5 %, limit 90, rising about 1.2 a day\.\nSince 11:55, /,
    );
    expect(previewTemplate({ text: '{{ nothing }}' }, alert, facts).plain).toBe(usual.plain);
    expect(usual.line).toMatch(/^🟠 Disk nearly full: \/home: 93.5 %, limit 90/);
  });

  it('makes only lines and marks, whatever is in a template and in an event', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (template, host) => {
        const lines = linesOf(`<b>${template}<code>`);
        for (const line of lines)
          for (const span of line)
            expect(typeof span === 'string' || 'bold' in span || 'code' in span).toBe(true);
        const shown = previewTemplate({ text: '<b>{{ host }}' }, { ...alert, fields: { host } }, facts);
        expect((shown.html.match(/<b>/g) ?? []).length).toBe((shown.html.match(/<\/b>/g) ?? []).length);
      }),
    );
  });
});

describe('a template that cannot be used', () => {
  it.each([
    ['{{ a', 'output "{{ a" not closed'],
    ['{% if a %}', 'not closed'],
    ['{% include "package.json" %}', 'there is no tag “include” here'],
    ['{% render "x" %}', 'there is no tag “render” here'],
    ['{% layout "x" %}', 'there is no tag “layout” here'],
    ['{% liquid echo a %}', 'there is no tag “liquid” here'],
    ['{{ a | strip_html }}', 'there is no filter “strip_html” here'],
    ['{{ a | constructor }}', 'there is no filter “constructor” here'],
    [
      '{% for i in (1..1000) %}{% for j in (1..1000) %}{{ j }}{% endfor %}{% endfor %}',
      'it takes too many steps',
    ],
    ['{% for i in (1..1000000000) %}x{% endfor %}', 'it makes too much text'],
    ['{% for i in (1..15000) %}{% endfor %}', 'it takes too many steps'],
    [
      '{% assign a = "aaaaaaaaaa" %}{% for i in (1..30) %}{% assign a = a | append: a %}{% endfor %}{{ a }}',
      'it makes too much text',
    ],
    [
      '{% assign a = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" %}{% assign b = a | append: a | append: a | append: a | append: a %}{% assign c = b | replace: "x", b %}{{ c | replace: "x", c }}',
      'it makes too much text',
    ],
    ['{{ "now" | date: "%1000000000d" }}', 'it makes too much text'],
    ['{{ a }}'.repeat(300), 'at most 200 tags'],
    ['{% if a %}'.repeat(150) + '{% endif %}'.repeat(150), 'at most 200 tags'],
    [`{{ a${' | upcase'.repeat(300)} }}`, 'at most 200 tags'],
    ['x'.repeat(9000), 'it makes too much text'],
  ])('is refused with a reason: %s', (text, reason) => {
    const faults = templateBook.check({ text });
    expect(faults).toEqual([{ path: 'text', text: expect.stringContaining(reason) }]);
    // Where it was let in all the same, the alert is told as usual.
    const words = wordsOf(alert, { text }, facts);
    expect(words).toEqual({ unit: '%', fault: expect.stringContaining(reason) });
    expect(previewTemplate({ text }, alert, facts).plain).toContain('93.5 %, limit 90');
  });

  it('never throws, whatever it is', () => {
    const piece = fc.constantFrom(
      ...[
        '{{',
        '}}',
        '{%',
        '%}',
        ' if ',
        ' for ',
        ' i in (1..9) ',
        ' endfor ',
        ' endif ',
        'assign ',
        'a',
        '=',
        '|',
      ],
      ...[
        ' upcase',
        ' raw',
        '"',
        "'",
        '.',
        '[',
        ']',
        '__proto__',
        '<b>',
        '</b>',
        '\n',
        'case ',
        'when ',
        '-',
        '\u0000',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('') || 'x';
        const shown = templateBook.preview({ title: text, text, over: text }, { alert, zone: 'UTC' }, now);
        expect(shown.plain).not.toBe('');
      }),
      { numRuns: 1500 },
    );
  });
});

it('takes the pattern that says most first', () => {
  const topics = ['**', 'disk.**', 'disk.*', 'disk.usage', '*.usage', 'disk.usage.home'];
  expect(
    topics
      .map((topic) => ({ topic }))
      .sort(bySpecificity)
      .map(({ topic }) => topic),
  ).toEqual(['disk.usage.home', 'disk.usage', '*.usage', 'disk.*', 'disk.**', '**']);
});
