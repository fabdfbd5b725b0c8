// Raw bodies as broken programs and attackers send them: what is refused, and what is odd but an event all the same.
const mix = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));
const holding = (value: string) => `{"type":"raw.body","data":{"x":${value}}}`;
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const deep = (depth: number, open: string, close = '') => open.repeat(depth) + close.repeat(depth);

/** Values that no JSON holds; each stands where the data's value would. */
const notValues = `NaN -NaN nan Infinity -Infinity +Infinity undefined None nil null_ True FALSE tRue yes off
  01 -01 00 1. .5 -.5 1.e5 1e 1e+ 1e- 1e1.5 0x1F 0b11 0o17 1_000 1,000 --1 ++1 +1 - + 1n 1f 0.0.1 ١٢ １ ½ ∞ 1/2
  'single' \`tick\` “curly” "open "a\\" "\\x41" "\\u12" "\\uZZZZ" "\\u{41}" "\\a" "\\'" "a"b" "a""b" "a"+"b" a b-c @ # ! % ~ $x
  \\u0022a\\u0022 /re/ new\u00a0Date() function(){} ()=>1 <x/> {,} {"a"} {"a":} {:1} {"a":1,} {"a"=1} {"a";1} {a:1} {'a':1} {1:1}
  {"a":1"b":2} {"a":1,,"b":2} {null:1} {[]:1} {{}} {"a":1}} [,] [1,] [,1] [1,,2] [1:2] [1"2"] [1}2] [1]] [[] [ ] ...[1] ( (1)`
  .split(/[ \n]+/)
  .filter((value) => value !== '' && value !== ']');

/** The same with spaces and line ends in them. */
const notValuesEither = [
  '2.e3',
  '.2e-3',
  '0e',
  '0.3e+',
  '1eE2',
  '1 000',
  '- 1',
  '1\u0000',
  '[1 true]',
  '["a" "b"]',
  '["a",\n4\n,1,',
  '["":1]',
  '[3[4]]',
  '[<null>]',
  '["a\tb"]',
  '["\\ud800\\u"]',
  '["\\u00A"]',
  '["\\',
  '{"a" "b"}',
  '{"a":"b",,"c":1}',
  '{"a":"a" 123}',
  '{"a":[}',
  '{"a":/*x*/1}',
  '{ "a" : 1 , }',
  '{[1]:2}',
  '"\\\u0000"',
  '"a\u001fa"',
  '"\\uD800\\x"',
];

/** Whole bodies that are refused, whatever the reason. */
export const refused: (string | Buffer)[] = [
  ...[...notValues, ...notValuesEither].map(holding),
  '',
  ' \t\r\n',
  '\u00a0',
  '\u0000',
  'null',
  'true',
  'false',
  '0',
  '-0',
  '1e999',
  '"text"',
  '""',
  '[]',
  '{}',
  '[[]]',
  '[{}]',
  '[null]',
  '[[{"type":"raw.body"}]]',
  '{"type":null}',
  '{"type":1}',
  '{"type":[]}',
  '{"type":{}}',
  '{"type":""}',
  '{"type":"."}',
  '{"type":"a..b"}',
  '{"type":"a b"}',
  '{"type":"**"}',
  '{"type":"ü"}',
  '{"type":"a\\u0000b"}',
  '{"type":"a","type":7}',
  '{"Type":"raw.body"}',
  '{"type":"raw.body","data":null}',
  '{"type":"raw.body","data":[]}',
  '{"type":"raw.body","data":"{}"}',
  '{"type":"raw.body","labels":[]}',
  '{"type":"raw.body","labels":{"a":{}}}',
  '{"type":"raw.body","labels":{"a":null}}',
  '{"type":"raw.body","labels":{"":"x"}}',
  '{"type":"raw.body","__proto__":{"x":1}}',
  '{"type":"raw.body","constructor":{}}',
  '{"type":"raw.body","id":7}',
  '{"type":"raw.body","id":"\\u0000"}',
  '{"type":"raw.body","time":"yesterday"}',
  '{"type":"raw.body","time":"2026-02-30T00:00:00Z"}',
  '{"type":"raw.body","time":"9999-12-31T23:59:59Z"}',
  '{"type":"raw.body","time":1e308}',
  '{"type":"raw.body","severity":"toString"}',
  '{"type":"raw.body","status":"__proto__"}',
  '{"type":"raw.body"}{"type":"raw.body"}',
  '{"type":"raw.body"}\n{"type":"raw.body"}',
  '{"type":"raw.body"},',
  '{"type":"raw.body"}]',
  '{"type":"raw.body"}\u0000',
  '{"type":"raw.body"}\u2028',
  '{"type":"raw.body"} // why',
  '/* why */ {"type":"raw.body"}',
  '# why\n{"type":"raw.body"}',
  '{"type":"raw.body" /* why */}',
  ')]}\',\n{"type":"raw.body"}',
  'callback({"type":"raw.body"})',
  'data: {"type":"raw.body"}\n\n',
  'type=raw.body&data[x]=1',
  'type: raw.body\ndata: {x: 1}',
  '<?xml version="1.0"?><type>raw.body</type>',
  '--boundary\r\nContent-Disposition: form-data; name="type"\r\n\r\nraw.body\r\n--boundary--',
  '\\ufeff{"type":"raw.body"}',
  '\ufeff\ufeff{"type":"raw.body"}',
  '\ufeff',
  '{"type":"raw.body","data":{"x":"\n"}}',
  '{"type":"raw.body","data":{"x":"\u0000"}}',
  '{"type":"raw.body","data":{"x\u001f":1}}',
  utf16('{"type":"raw.body"}'),
  mix([0xff, 0xfe], utf16('{"type":"raw.body"}').toString('latin1')),
  mix([0xfe, 0xff, 0x00], '{', [0x00], '}'),
  mix([0x00, 0x00, 0xfe, 0xff], '{}'),
  mix(holding('"').slice(0, -2), [0xff], '"}}'),
  mix(holding('"').slice(0, -2), [0xc3], '"}}'),
  mix(holding('"').slice(0, -2), [0xe2, 0x82], '"}}'),
  mix(holding('"').slice(0, -2), [0xf0, 0x9f, 0x98], '"}}'),
  mix(holding('"').slice(0, -2), [0xf0, 0x9f, 0x98]),
  mix(holding('"').slice(0, -2), [0xc0, 0x80], '"}}'),
  mix(holding('"').slice(0, -2), [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80], '"}}'),
  mix(holding('"').slice(0, -2), [0xf5, 0x80, 0x80, 0x80], '"}}'),
  mix('{"ty', [0x80], 'pe":"raw.body"}'),
  mix([0x1f, 0x8b, 0x08, 0x00], '{}'),
  mix([0x50, 0x4b, 0x03, 0x04]),
  Buffer.alloc(65_536),
  Buffer.alloc(65_536, 0xff),
  deep(100_000, '[', ']'),
  deep(100_000, '['),
  deep(100_000, ']'),
  deep(100_000, '{"a":', '}'),
  deep(100_000, '{"a":'),
  holding(deep(100_000, '[', ']')),
  holding(deep(20_000, '{"a":[', ']}')),
  holding(deep(33, '[', ']')),
  `[${'{"type":"raw.body"},'.repeat(500)}{"type":"raw.body"}]`,
  `[${'1,'.repeat(5_000)}1]`,
  `"${'a'.repeat(300_000)}"`,
  holding(`"${'a'.repeat(262_144)}"`),
  holding(`"${'\\u0041'.repeat(50_000)}"`),
  ' '.repeat(1_048_577),
  holding(`"${'\\'.repeat(99_999)}"`),
  `{${'"a":1,'.repeat(20_000)}}`,
];

/** Values that are odd and JSON: each is taken. */
const oddValues =
  `0 -0 0.0 -0.0e-0 1E400 -1e400 1e-400 5e-324 1.7976931348623157e308 9007199254740993 123456789012345678901234567890
  0.1e+1 0.1000000000000000055511151231257827 true false null {} [] "" {"":""} {"":{"":{"":0}}} [[],{}] [null,null]
  {"a":1,"a":2} {"a":1,"\\u0061":2} {"a":{"b":1},"a":[]} {"__proto__":null} {"__proto__":{"polluted":true}}
  {"constructor":{"prototype":{"polluted":true}}} {"prototype":1} {"toString":1} {"valueOf":"x"} {"hasOwnProperty":false}
  {"then":"x"} {"toJSON":1} {"length":1e9} {"0":1,"-1":2} {"$ne":1} {"$where":"1"} {"@type":"x"} {"a.b":1,"a":{"b":2}} {"data":{"data":1}}
  "\\u0000" "\\u0000\\u0000" "a\\u0000b" "\\ud800" "\\udfff" "\\udc00\\ud800" "\\ud83d" "\\ud83d\\ude00" "\\uffff" "\\ufffe" "\\ufeff"
  "\\u202e" "\\u2028\\u2029" "\\u0085" "\\/" "\\b\\f\\n\\r\\t" "\\"" "\\\\" "\\u005C\\u0022" {"\\u0000":1} {"\\ud800":1} {"\\n":1}
  "${'{'.repeat(200)}" "${'['.repeat(200)}" "//not" "/*not*/" "NaN" "]]>" "\u007f" "\u0080" "\u2028" "\ufeff" "😀" "e\u0301"`
    .split(/[ \n]+/)
    .filter((value) => value !== '');

/** The same with spaces and line ends in them. */
const oddValuesToo = [
  '[ 1\n,\t2\r\n]',
  '{ "a" : [ ] , "b" : { } }',
  '123.456e78',
  '1E-2',
  '0e+1',
  '" "',
  '"\\u0012"',
  '"\\uDBFF\\uDFFE"',
  '"\\uA66D \\u0821"',
  '"\ud800\udc00"',
];

/** Whole bodies that are taken. */
export const taken: (string | Buffer)[] = [
  ...[...oddValues, ...oddValuesToo].map(holding),
  '{"type":"raw.body"}',
  '\ufeff{"type":"raw.body"}',
  ' \t\r\n{ "type" : "raw.body" }\r\n\t ',
  '{"\\u0074ype":"raw.body"}',
  '{"type":"\\u0072aw.body"}',
  '{"type":7,"type":"raw.body"}',
  '[{"type":"raw.body"}]',
  `[${'{"type":"raw.body"},'.repeat(99)}{"type":"raw.body"}]`,
  '{"type":"raw.body","labels":{"__proto__":"a","constructor":"b","toString":"c"}}',
  '{"type":"raw.body","labels":{"n":1e400,"t":true}}',
  '{"type":"raw.body","id":"__proto__","source":"constructor","subject":"toString"}',
  '{"type":"__proto__.constructor.toString"}',
  holding(deep(29, '[', ']')),
  holding(`"${'a'.repeat(200_000)}"`),
  holding(`"${'😀'.repeat(40_000)}"`),
  `{"type":"raw.body","data":{${Array.from({ length: 9_000 }, (_, i) => `"k${i}":${i}`).join()}}}`,
];
