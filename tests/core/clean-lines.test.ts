// What others wrote, on the operator's terminal: it is read, and it does nothing there.
import { expect, it } from 'vitest';
import { cleanLines } from '#core/clean.ts';

it('leaves lines and tables as they are, and nothing that a terminal would obey', () => {
  expect(cleanLines('a\tb\nZoë 🔥 “c”')).toBe('a\tb\nZoë 🔥 “c”');
  // Colours, a title, a line written over, a bell, and the same introduced by one character instead of two.
  for (const order of ['\u001b[31m', '\u001b]0;x\u0007', 'a\rb', '\u0007', '\u009b31m', '\u007f'])
    expect(cleanLines(order)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
});
