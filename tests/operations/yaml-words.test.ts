// A YAML text that cannot be read is refused in words of ours, with the line.
import { expect, it } from 'vitest';
import { readDocuments, ruleFiles } from '#operations/document-text.ts';

it.each([
  ['a: 1\n b: 2', /name is followed|not indented|one line|cannot stand/],
  ['a: [1, 2', /something is missing|not indented/],
  ['a:\n\t- 1', /spaces, not with tabs/],
  ['a: "\\q"', /backslash/],
  ['a: @b', /put it in quotes/],
  ['a: b: c', /two values|put the value in quotes|one line/],
  ['a: *nobody', /names nothing/],
  ['}', /cannot stand here/],
])('%j', (text, words) => {
  const read = readDocuments(text, 'yaml', ruleFiles);
  if (read.ok) throw new Error('it was read');
  for (const fault of read.faults)
    expect(fault.text).not.toMatch(/implicit|flow|scalar|token|expected|unresolved/i);
  expect(read.faults[0]!.text).toMatch(words);
});

it('NUL and half characters are refused with their place and line, also behind an escape', () => {
  const faults = (text: string, form: 'yaml' | 'json') => {
    const read = readDocuments(text, form, ruleFiles);
    return read.ok ? [] : read.faults.map(({ path, line }) => [path, line]);
  };
  expect(faults('topic: a\nname: "x\\0"\n', 'yaml')).toEqual([['name', 2]]);
  expect(faults('[{"name":"x\\ud800"}]', 'json')).toEqual([['[0].name', undefined]]);
  expect(faults('{"name":"back\\\\slash \u{1f600}"}', 'json')).toEqual([]);
});
