// Sparklines: one bar a number, nothing is lost to rounding, and long rows are gathered.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sparkline } from '../../src/core/sparkline.ts';

it('shows the greatest as the tallest and nothing as the lowest bar', () => {
  expect(sparkline([0, 0, 1, 0, 7, 3])).toBe('▁▁▂▁█▄');
  expect(sparkline([0, 0])).toBe('▁▁');
  expect(sparkline([])).toBe('');
  expect(sparkline([5])).toBe('█');
  expect(sparkline([1, 10_000])).toBe('▂█');
});

it('gathers neighbours when there are more numbers than bars', () => {
  expect(sparkline([1, 1, 0, 0, 2, 2], 3)).toBe('▅▁█');
});

it('is as long as asked for, and lowest exactly where nothing is', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { maxLength: 31 }), (values) => {
      const bars = [...sparkline(values)];
      expect(bars).toHaveLength(values.length);
      for (const [i, bar] of bars.entries()) expect(bar === '▁').toBe(values[i] === 0);
      if (values.some((value) => value > 0)) expect(bars).toContain('█');
    }),
  );
});
