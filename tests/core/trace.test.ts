// The compact trace: hits before misses, bounded, and readable again.
import { expect, it } from 'vitest';
import { mostTraced, type TraceRow, textOf, traceOf, traceRow } from '#core/trace.ts';

it('keeps a sentence only when it says more than value and limit', () => {
  const row = traceRow('r', 'k', { is: 'met', value: 93.5, limit: 90, text: '93.5, limit 90' });
  expect(row).toEqual(['r', 'k', 'met', 93.5, 90]);
  expect(textOf(row)).toBe('93.5, limit 90');
  const told = traceRow('r', 'k', { is: 'unmet', value: 'b', text: 'a → b' }, 2);
  expect(told).toEqual(['r', 'k', 'unmet', 'b', null, 'a → b', 2]);
  expect(textOf(told)).toBe('a → b');
  expect(traceRow('r', 'k', { is: 'unmet', value: 5, limit: 90, text: '5, limit 90' }, -1)).toEqual([
    'r',
    'k',
    'unmet',
    5,
    90,
    null,
    -1,
  ]);
});

it('is bounded: hits first, and how many more there were', () => {
  const rows: TraceRow[] = Array.from({ length: 120 }, (_, i) =>
    traceRow(`r${i}`, 'k'.repeat(5000), { is: i === 119 ? 'met' : 'unmet', text: 'x'.repeat(9999) }),
  );
  const trace = traceOf(rows)!;
  expect([trace.rows.length, trace.more, trace.rows[0]![0]]).toEqual([mostTraced, 70, 'r119']);
  expect(JSON.stringify(trace).length).toBeLessThan(mostTraced * 500);
  expect(traceOf([])).toBe(null);
});
