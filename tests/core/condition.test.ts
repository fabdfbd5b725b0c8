// Conditions joined by and, or, not: read, printed, tried.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Condition, holds, listsOf, parseCondition, printCondition } from '#core/condition.ts';

const event = (data: Record<string, string | number>, labels: Record<string, string> = {}) => ({
  source: 's',
  type: 'builds.vr0',
  subject: 'gc_t',
  data,
  labels,
});

function read(text: string): Condition {
  const found = parseCondition(text);
  if (!found.ok) throw new Error(found.fault);
  return found.condition;
}

describe('a condition', () => {
  it('joins tests by and, or, not and brackets, “and” binding closer', () => {
    const condition = read('status = fail and not (block = "a b" or tns < -100) or user=gpupi');
    expect(holds(condition, event({ status: 'fail', block: 'c', tns: -50 }))).toBe(true);
    expect(holds(condition, event({ status: 'fail', block: 'a b', tns: -50 }))).toBe(false);
    expect(holds(condition, event({ status: 'fail', block: 'c', tns: -500 }))).toBe(false);
    expect(holds(condition, event({ status: 'good', user: 'gpupi' }))).toBe(true);
  });

  it('asks whether a value is in a list of the owner', () => {
    const lists = { blocks: ['gc_t', 'gc_u'] };
    expect(holds(read('block in $me.blocks'), event({ block: 'gc_t' }), lists)).toBe(true);
    expect(holds(read('block = $me.blocks'), event({ block: 'x' }), lists)).toBe(false);
    expect(holds(read('block not in $me.blocks'), event({ block: 'x' }), lists)).toBe(true);
    expect(holds(read('block in $me.nobody'), event({ block: 'x' }), lists)).toBe(false);
    expect(holds(read('block in $me.constructor'), event({ block: 'x' }), lists)).toBe(false);
    expect(listsOf([read('a in $me.x or not b in $me.y'), read('c = 1')])).toEqual(['x', 'y']);
  });

  it('keeps one test as it was, also with spaces in a value that has no quotes', () => {
    expect(read('host =~ "cad.*"')).toEqual({ field: 'host', op: '=~', value: 'cad.*' });
    expect(read('msg = out of memory in box')).toEqual({
      field: 'msg',
      op: '=',
      value: 'out of memory in box',
    });
  });

  it('says what is wrong, and is never deep or long', () => {
    for (const [text, fault] of [
      ['(a = b', /bracket/],
      ['a = b and', /missing at the end/],
      ['a in blocks', /is no list of yours/],
      ['a > x or b = c', /needs a number/],
      ['a = b c = d and e = f', /do not understand/],
      [`${'('.repeat(50)}a = b${')'.repeat(50)}`, /nested too deeply/],
      [Array(60).fill('a = b').join(' and '), /at most 50 parts/],
    ] as const) {
      const found = parseCondition(text);
      expect(found.ok ? 'read' : found.fault).toMatch(fault);
    }
  });

  it('is read back from its own text', () => {
    const leaf = fc.oneof(
      fc.record({
        field: fc.constantFrom('host', 'data.a', 'labels.b'),
        op: fc.constantFrom('=' as const, '!=' as const),
        value: fc.string({ maxLength: 20 }),
      }),
      fc.record({
        field: fc.constantFrom('host', 'block'),
        op: fc.constantFrom('in' as const, 'not in' as const),
        list: fc.constantFrom('blocks', 'mine'),
      }),
    );
    const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        leaf as fc.Arbitrary<Condition>,
        fc.record({ not: tie('tree') }),
        fc.record({ all: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }) }),
        fc.record({ any: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }) }),
      ),
    }));
    fc.assert(
      fc.property(tree, (condition) => {
        expect(parseCondition(printCondition(condition))).toEqual({ ok: true, condition });
      }),
    );
  });
});
