// How a reading is said: with its unit, and without the stop of its sentence.
import { expect, it } from 'vitest';
import { sayReading } from '#core/reading.ts';

it.each([
  ['93.5, limit 90.', '93.5, limit 90'],
  ['calm → ..', 'calm → ..'],
  ['calm → ...', 'calm → ...'],
  ['calm → v1.', 'calm → v1'],
])('%j is said as %j', (text, said) => {
  expect(sayReading({ is: 'met', text })).toBe(said);
});
