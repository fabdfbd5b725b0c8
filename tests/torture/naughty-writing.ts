// Strings that are hard to write, to measure or to see: other scripts, invisible characters, emoji, combining marks.
const code = String.fromCodePoint;
const each = (...points: number[]) => points.map((point) => `a${code(point)}b`);
const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
/** The letters as they stand elsewhere in Unicode, `first` being the A. */
const styled = (text: string, first: number) =>
  [...text].map((letter) => code(first + letter.codePointAt(0)! - 65)).join('');

const inLines = `
ŁÓDŹ źdźbło żółć
Þórður ðæ
ŉ ǅ ß ſ K Å ℡ ㎏
Ĳsselmeer ǈ
ΑΣΣΟΣ ς
Ἀθῆναι ᾳ
Ё Ъ Ґ Ї Ѣ
Հայերեն և
ქართული Ⴀ
አማርኛ
ⵜⴰⵎⴰⵣⵉⵖⵜ
தமிழ் க்ஷ
తెలుగు
ಕನ್ನಡ
മലയാളം
বাংলা ৎ
ਪੰਜਾਬੀ
ગુજરાતી
සිංහල
ລາວ
မြန်မာ
ខ្មែរ
བོད་ཡིག
ᠮᠣᠩᠭᠣᠯ
᚛ᚉᚑᚅᚔᚉᚉᚔᚋ᚜
ᚠᛇᚻ
𐎠𐎡𐎢
𒀀𒁀
𓀀𓂀
𝕬𝕭 𝔸𝔹 𝓐𝓑
ⓐⓑⓒ ⒜⒝ 🅰🅱
ᴀʙᴄ ᵃᵇᶜ ₐₑₒ
ｆｕｌｌｗｉｄｔｈ ＜ｂ＞
ﾊﾝｶｸ ｶﾞ
ㄱㅏ 가 각
漢字 かな カナ ヽヾ々〻
𠜎𠜱𠝹 𪚥
︙︵︶
繁體 简体
‮desrever‬
אבג abc דה
ابج ١٢٣ abc
ﷺ ﻻ لا
پارسی ك ي
ܐܒܓ
ߒߞߏ
ꓐꓤꓱꓮꓘ
uʍop ǝpᴉsdn
ʇxǝʇ
l1I|O0
раураl
ɢoogle.example
e̊ ë́ ê̄
q̣̇ q̣̇
Å Å
Ω Ω
ﬃ ﬆ
½ ⅓ ⅞
² ³ ₂
№ ℀ ℅
‰ ‱ ′ ″
“ ” „ ‟ « » ‹ ›
‘ ’ ‚ ‛
– — ― ‒ − ‐
… ⋯ ․ ‥
• ‣ ◦ · ∙
⁄ ∕ ／
∀x∈ℝ: ⌈x⌉ = −⌊−x⌋
⊂⊃ ∪∩ ∅ ∞
← ↑ → ↓ ↔ ⇒
┌─┐│└┘
▀▄█▌▐░▒▓
♠♥♦♣ ♀♂
⚠️ ⚠ ⚠︎
☠️ ☢️ ☣️
❌ ❗ ‼️ ⁉️
🔔 🔕 🚨
🔴🟠🟡🟢🔵
👍 👎 👌🏽
👩🏽‍🚒 👨🏿‍⚕️
👩‍❤️‍💋‍👨
🧑🏻‍🤝‍🧑🏿
🏳️‍🌈 🏴‍☠️
🇺🇳🇦🇶
🇦
#️⃣ *️⃣ 0️⃣
🫠🫡🫥
🀄 🃏 🎴
ಠ_ಠ
ʕ•ᴥ•ʔ
(｡◕‿◕｡)
¯\\_(ツ)_/¯
(╬ಠ益ಠ)
ヽ༼ຈل͜ຈ༽ﾉ
♪♫♬
`;

/** None is empty. */
export const naughtyWriting: string[] = [
  ...inLines.split('\n').filter((line) => line !== ''),
  // Spaces that are none, and marks that nobody sees.
  ...each(0x0b, 0x0c, 0x1c, 0x1f, 0x85, 0xa0, 0x1680, 0x2000, 0x2003, 0x2009, 0x200a, 0x202f, 0x205f, 0x3000),
  ...each(0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x180b, 0x180e, 0x3164, 0xffa0, 0xfeff, 0xfffc),
  ...each(...upTo(0x200b, 0x200f), ...upTo(0x202a, 0x202e), ...upTo(0x2060, 0x2064), ...upTo(0x2066, 0x2069)),
  ...each(0xfe0e, 0xfe0f, 0xe0001, 0xe0020, 0xe0100, 0x1d173, 0x1bca0),
  // What is no character, and what only half is.
  ...each(0xfdd0, 0xfffe, 0xffff, 0x1fffe, 0x10ffff, 0xe000, 0xf8ff, 0xfffd),
  '\ud800a',
  'a\udfff',
  '\udbff\udbff\udfff',
  '\ud83d\ud83d\ude00',
  '\ude00\ud83d',
  // Controls that terminals and old protocols obey.
  'bell\u0007',
  'back\b\b\bspace',
  'over\rwritten',
  '\u001b[2J\u001b[H',
  '\u001b]8;;http://evil.example\u0007x\u001b]8;;\u0007',
  '\u001b[1mbold\u001b[0m',
  '\u009b31m',
  '\u0004\u001a',
  '\u0018\u0011\u0013',
  'a\u0000',
  '\u0000b',
  '\r\n.\r\n',
  '\n\n\n',
  ' \n ',
  '\tx\t',
  'x\u2028y',
  'x\u2029y',
  'x\u0085y',
  // Long in one way or another.
  'i\u0307'.repeat(50),
  `o${'\u035c\u0361'.repeat(40)}o`,
  '\u202e'.repeat(100),
  `${'\u202a'.repeat(130)}deep${'\u202c'.repeat(130)}`,
  '\u200d'.repeat(200),
  `👩${'\u200d👩'.repeat(30)}`,
  '🇩'.repeat(101),
  '👍🏿'.repeat(60),
  'a\u0301'.repeat(120),
  'ﷺ'.repeat(64),
  '漢'.repeat(256),
  'W'.repeat(256),
  'l'.repeat(257),
  '1'.repeat(400),
  '-'.repeat(300),
  '('.repeat(300),
  '['.repeat(300),
  '{'.repeat(300),
  '"\\'.repeat(150),
  "'".repeat(300),
  '%s'.repeat(150),
  '&amp;'.repeat(80),
  '&#x3c;'.repeat(70),
  '</b>'.repeat(80),
  '<b>'.repeat(120),
  '\n'.repeat(200),
  '\u0000'.repeat(64),
  'a.'.repeat(128),
  '../'.repeat(90),
  'x@y.'.repeat(70),
  '0.'.repeat(100),
  ' '.repeat(300),
  '\u00a0'.repeat(100),
  styled('NEGATIVE', 0x1f170),
  styled('SQUARED', 0x1f130),
  styled('BOLD', 0x1d400),
  styled('FRAKTUR', 0x1d56c),
  styled('TAGGED', 0xe0041),
];
