// Part of a program that is tortured: ends it, or freezes it, when it passes a place for the n-th time.
import { appendFileSync, readFileSync } from 'node:fs';
import { type Failpoint, setTrap } from '../../src/core/failpoint.ts';

/** `place:n` or `place:n:SIGSTOP`, and perhaps `#` and what tells it from another one: from the start on … */
const fromTheStart = process.env.FAILPOINT;
/** … or as this file says at the moment; empty: nothing happens. A new text begins to count anew. */
const file = process.env.FAILPOINT_ORDER;
let order = '';
let place = '';
let signal = 'SIGKILL';
let left = 0;

function read(text: string): void {
  if (text === order) return;
  order = text;
  const [at = '', times = '1', how = 'SIGKILL'] = text.split('#')[0]!.split(':');
  [place, left, signal] = [at, Number(times), how];
}

if (fromTheStart) read(fromTheStart);
if (file || fromTheStart)
  setTrap((at: Failpoint) => {
    if (file) read(readFileSync(file, 'utf8'));
    if (at !== place) return;
    left -= 1;
    if (left !== 0) return;
    // The proof that it was reached.
    if (process.env.FAILPOINT_LOG) appendFileSync(process.env.FAILPOINT_LOG, `${file ? order : at}\n`);
    process.kill(process.pid, signal);
  });
