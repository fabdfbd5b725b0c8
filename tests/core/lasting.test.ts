// A message for where it stays as it was sent: instants stay, how long ago they were goes.
import { expect, it } from 'vitest';
import { type Line, lasting } from '#core/message.ts';

const at = Date.UTC(2026, 4, 4, 10, 0);
const [clock, ago] = [
  { instant: at, show: 'clock' },
  { instant: at, show: 'relative' },
] as const;

it.each<[Line, Line]>([
  [
    ['Since ', clock, ', ', ago],
    ['Since ', clock],
  ],
  [
    ['Since ', clock, ', ', ago, ' (4th time)'],
    ['Since ', clock, ' (4th time)'],
  ],
  [
    ['Red, ', { bold: 'green' }, ', ', clock],
    ['Red, ', { bold: 'green' }, ', ', clock],
  ],
  [[ago], []],
])('%j', (before, after) => {
  expect(lasting({ lines: [before] }).lines).toEqual([after]);
});
