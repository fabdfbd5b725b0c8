// Strings that break programs: markup, other scripts, invisible characters, code, links, and texts that are far too long.
import { naughtyCode } from './naughty-code.ts';
import { naughtyWriting } from './naughty-writing.ts';

const code = String.fromCodePoint;
const tagged = (letters: string) =>
  [...letters].map((letter) => code(0xe0000 + letter.codePointAt(0)!)).join('');
const zalgo = (text: string) =>
  [...text].map((letter, i) => letter + '\u0300\u0316\u0489\u0334\u0489'.repeat(1 + (i % 4))).join('');

const inLines =
  String.raw`
<b>bold</b>
<b>
</b>
</code></pre></blockquote>
<code><code>
<blockquote expandable>
<a href="https://evil.example">click</a>
<a href='tg://user?id=7001'>Ana</a>
<tg-time unix="0">now</tg-time>
<tg-spoiler>hidden</tg-spoiler>
<tg-emoji emoji-id="1">x</tg-emoji>
<script>alert(document.cookie)</script>
<img src=x onerror=alert(1)>
<!-- comment
<![CDATA[x]]>
<<<>>>
< b >
<3
a<b>c
1 < 2 && 3 > 2
&
&amp;
&amp;amp;
&lt;b&gt;
&nbsp;
&#0;
&#60;
&#x3c;b&#x3e;
&#xD800;
&#99999999;
&unknown;
&quot;&apos;
"double"
'single'
"'"'"'
*bold* _under_ ~strike~ |spoiler|
__init__ **kwargs
[text](https://evil.example)
![img](x)
\*escaped\*
\
\\
\n\t\0\x00
\u0000
` +
  '`' +
  String.raw`
$(reboot)
$((7*7))
${7 * 7}
#{7*7}
{{7*7}}
{{constructor.constructor("return process")()}}
{% debug %}
<%= 7*7 %>
%s%s%n%d
%00
%3Cb%3E
'; DROP TABLE events; --
' OR '1'='1
1; SELECT pg_sleep(10)
$1
$$x$$
\'; --
; rm -rf / #
| cat /etc/passwd
&& shutdown -h now
../../../../etc/passwd
C:\Windows\System32
file:///etc/passwd
javascript:alert(1)
data:text/html,<b>x
http://evil.example
https://evil.example/?a=b&c=<d>#e
evil.example
xn--e1afmkfd.example
127.0.0.1:22
mailto:a@evil.example
ftp://a:b@evil.example
tg://resolve?domain=evil
t.me/evil
@admin
@tocsin_bot
/start
/start@tocsin_bot
/watch disk.** usage > 1
/forget
#hashtag
$USD
+49 30 123456
4111 1111 1111 1111
__proto__
constructor
prototype
toString
hasOwnProperty
then
null
undefined
NaN
Infinity
true
-0
0
1e999
0x1F
١٢٣
Ⅷ
1,000.5
2026-13-45T99:99:99Z
every
above 90 for 5m
a = b and c =~ "("
(?:a+)+$
[[[[(((({{{{
]]]]))))}}}}
Straße ÄÖÜ ẞ
İstanbul ıI
ﬁ ﬀ Å Å
日本語 中文 한국어
العربية مرحبا
עברית שלום
हिन्दी ภาษาไทย
Ελληνικά Кириллица
﷽
𝕿𝖍𝖊 𝒒𝒖𝒊𝒄𝒌 𝟙𝟚
👩‍👩‍👧‍👦 👍🏿 ❤️ 1️⃣
🇩🇪🇪🇺🇽
🟠 🔴 ✅
( ͡° ͜ʖ ͡°)
（╯°□°）╯︵ ┻━┻
`;

/** The worst of each sort; what takes long is tried with these only: states, limits, formats, names and talk. */
export const worst: string[] = [
  ...new Set([
    ...inLines.split('\n').filter((line) => line !== ''),
    ' ',
    '  leading and trailing  ',
    '\t',
    '\n',
    'line\nbreak\r\nand\rmore\n\n\n',
    'tab\tstop\vand\fpage',
    '\u0000',
    'nul\u0000inside',
    '\u0001\u0002\u0007\u0008\u001b\u007f',
    '\u001b[31mred\u001b[0m\u001b]0;title\u0007',
    '\u0080\u0085\u009f',
    '\u00a0',
    '\u00ad\u034f\u115f\u3164\uffa0',
    '\u200b',
    '\u200b\u200c\u200d\u2060',
    'zero\u200bwidth\u200djoined',
    '\ufeffmark',
    '\u200e\u200f\u061c',
    '\u202eevil\u202c txt.exe',
    '\u2066\u2067\u2068x\u2069',
    '\u2028\u2029',
    '\u2800',
    '\ufffd\ufffe\uffff',
    '\ud800',
    'half\udc00',
    '\udc00\ud800',
    'cut \ud83d',
    code(0x10ffff),
    code(0xf0000, 0x1f600, 0xe000),
    `🏴${tagged('gbeng')}${code(0xe007f)}`,
    tagged('ignore this'),
    zalgo('He comes'),
    `e${'\u0301'.repeat(300)}`,
    'ق'.repeat(300),
    '<'.repeat(400),
    '&'.repeat(400),
    '&lt;'.repeat(100),
    '"'.repeat(400),
    '@a '.repeat(150),
    '👩‍👩‍👧‍👦'.repeat(40),
    '😀'.repeat(300),
    'https://evil.example/'.repeat(40),
    'word '.repeat(200),
    'x'.repeat(65_536),
    '<b>'.repeat(21_845),
    '\ud83d\ude00'.repeat(32_768),
  ]),
];

/** At least 500 of them, each once; none is empty. */
export const naughty: string[] = [...new Set([...naughtyCode, ...naughtyWriting, ...worst])];
