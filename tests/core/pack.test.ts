// Packs: blanks are found, filled in and never break out of where they stand; differences are told part by part.
import { describe, expect, it } from 'vitest';
import { blanksOf, fillPack, packDocument, readAnswer } from '#core/pack.ts';
import { differences } from '#core/rule-differences.ts';

const rule = {
  topic: 'disk.usage',
  kind: 'threshold',
  match: ['host = "{{host}}"'],
  params: { field: 'usage', op: '>', limit: '{{limit}}' },
};

describe('a pack', () => {
  it('knows its blanks and fills them in, a number as a number', () => {
    expect(blanksOf(rule).sort()).toEqual(['host', 'limit']);
    expect(fillPack({ rules: [rule] }, { host: 'a" or b = "c', limit: 90 })).toEqual([
      { ...rule, match: ['host = "a\\" or b = \\"c"'], params: { field: 'usage', op: '>', limit: 90 } },
    ]);
    expect(fillPack({ rules: [{ topic: '{{constructor}}' }] }, {})).toEqual([{ topic: '' }]);
  });

  it('is refused when nothing asks for a blank', () => {
    const read = packDocument.safeParse({
      title: 'Disks',
      asks: [{ name: 'host', label: 'Host' }],
      rules: [rule],
    });
    expect(
      read.success ? [] : read.error.issues.map(({ path, message }) => [path.join('.'), message]),
    ).toEqual([['rules.0', 'nothing asks for the blank “limit”']]);
  });

  it('reads answers', () => {
    const number = { name: 'limit', label: 'Limit', hint: '', input: 'number' as const };
    expect(readAnswer(number, ' 93,5 % ')).toEqual({ ok: true, value: 93.5 });
    expect(readAnswer(number, 'x')).toEqual({ ok: false, fault: '“x” is no number.' });
    expect(readAnswer({ ...number, input: 'text' }, '  ')).toEqual({ ok: false, fault: 'Limit is empty.' });
  });
});

describe('differences of two rules', () => {
  it('are told part by part, params one by one', () => {
    expect(
      differences(
        { name: 'a', params: { limit: 90, op: '>' }, match: ['x = 1'] },
        { name: 'a', params: { limit: 95, op: '>', clear: 85 }, match: ['x = 1', 'y = 2'], for: '5m' },
      ),
    ).toEqual([
      { part: 'params.limit', before: '90', after: '95' },
      { part: 'params.clear', before: '', after: '85' },
      { part: 'match', before: 'x = 1', after: 'x = 1, y = 2' },
      { part: 'for', before: '', after: '5m' },
    ]);
  });
});
