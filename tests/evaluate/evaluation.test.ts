// Whom a failed evaluation blames.
import { expect, it } from 'vitest';
import { isEventsFault } from '#evaluate/evaluation.ts';

const failed = (code: string) => Object.assign(new Error('failed'), { code });

it.each(['22P02', '23502', '54000'])('blames the event for %s', (code) => {
  expect(isEventsFault(failed(code))).toBe(true);
});

it.each(['23505', '40001', '40P01', '55P03', '57P01', 'ECONNRESET'])('blames no event for %s', (code) => {
  expect(isEventsFault(failed(code))).toBe(false);
});
