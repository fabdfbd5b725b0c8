// Telegram's HTML: what it becomes, and in which words it is refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHtml } from '#sandbox/telegram/index.ts';

const good: [string, string, unknown[]][] = [
  ['plain & simple', 'plain & simple', []],
  ['&lt;b&gt; &amp;&quot; &#65;&#x42; &nbsp;', '<b> &" AB &nbsp;', []],
  ['<b>bold</b>', 'bold', [{ type: 'bold', offset: 0, length: 4 }]],
  ['<B>x</B >', 'x', [{ type: 'bold', offset: 0, length: 1 }]],
  ['🔴 <i>late</i>', '🔴 late', [{ type: 'italic', offset: 3, length: 4 }]],
  ['<span class="tg-spoiler">s</span>', 's', [{ type: 'spoiler', offset: 0, length: 1 }]],
  [
    '<a href="https://example.org/?a=1&amp;b=2">go</a>',
    'go',
    [{ type: 'text_link', url: 'https://example.org/?a=1&b=2', offset: 0, length: 2 }],
  ],
  ['<a href="javascript:alert(1)">go</a>', 'go', []],
  [
    '<pre><code class="language-sh">ls</code></pre>',
    'ls',
    [{ type: 'pre', language: 'sh', offset: 0, length: 2 }],
  ],
  ['<code>x</code>', 'x', [{ type: 'code', offset: 0, length: 1 }]],
  ['<blockquote expandable>q</blockquote>', 'q', [{ type: 'expandable_blockquote', offset: 0, length: 1 }]],
  [
    "<tg-time unix='1700000000' format='r'>then</tg-time>",
    'then',
    [{ type: 'date_time', unix_time: 1700000000, date_time_format: 'r', offset: 0, length: 4 }],
  ],
  [
    '<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>',
    '👍',
    [{ type: 'custom_emoji', custom_emoji_id: '5368324170671202286', offset: 0, length: 2 }],
  ],
  [
    '<b>a<i>b</i></b>',
    'ab',
    [
      { type: 'italic', offset: 1, length: 1 },
      { type: 'bold', offset: 0, length: 2 },
    ],
  ],
  ['<b></b>', '', []],
];

const bad: [string, string][] = [
  ['ü <x>', 'Unsupported start tag "x" at byte offset 3'],
  ['usage < 5 and > 3', 'Unsupported start tag "" at byte offset 6'],
  ['a <', 'Unclosed start tag at byte offset 2'],
  ['<b', 'Unclosed start tag at byte offset 0'],
  ['<b ', 'Unclosed start tag "b" at byte offset 0'],
  ['<b>x', 'Can\'t find end tag corresponding to start tag "b"'],
  ['x</b>', 'Unexpected end tag at byte offset 1'],
  ['<b><i>x</b></i>', 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'],
  ['<b>x</b', 'Unclosed end tag at byte offset 4'],
  ['<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'],
  ['<a href=?>y</a>', 'Unexpected end of name token at byte offset 8'],
  ['<span>x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ['<script>x</script>', 'Unsupported start tag "script" at byte offset 0'],
];

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

describe('Telegram HTML', () => {
  it.each(good)('%s', (source, text, entities) => {
    expect(parseHtml(source)).toEqual({ ok: true, text, entities });
  });

  it.each(bad)('refuses %s', (source, reason) => {
    expect(parseHtml(source)).toEqual({ ok: false, reason });
  });

  it('gives escaped text back unchanged, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseHtml(escaped(text))).toEqual({ ok: true, text, entities: [] });
      }),
    );
  });

  it('puts entities exactly on the text between their tags', () => {
    const part = fc.record({
      tag: fc.constantFrom('b', 'i', 'u', 's', 'code'),
      text: fc.string({ unit: 'grapheme', minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const parsed = parseHtml(parts.map((p) => `<${p.tag}>${escaped(p.text)}</${p.tag}>`).join(''));
        if (!parsed.ok) throw new Error(parsed.reason);
        const cut = parsed.entities.map((e) => parsed.text.slice(e.offset, e.offset + e.length));
        expect(cut).toEqual(parts.map((p) => p.text));
      }),
    );
  });

  it('never throws on anything', () => {
    const mess = fc
      .array(fc.constantFrom('<', '>', '/', 'b', 'a', ' ', '=', '"', "'", '&', '&lt;', '#', ';', 'ü', '🔴'))
      .map((a) => a.join(''));
    fc.assert(
      fc.property(mess, (source) => typeof parseHtml(source).ok === 'boolean'),
      { numRuns: 1000 },
    );
  });
});
