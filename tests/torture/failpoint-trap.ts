// Part of a program that is tortured: ends it, or freezes it, when it passes the place named in FAILPOINT for the n-th time.
import { appendFileSync } from 'node:fs';
import { type Failpoint, setTrap } from '../../src/core/failpoint.ts';

// place:n, or place:n:SIGSTOP
const [place, times = '1', signal = 'SIGKILL'] = (process.env.FAILPOINT ?? '').split(':');
let left = Number(times);

if (place)
  setTrap((at: Failpoint) => {
    if (at !== place) return;
    left -= 1;
    if (left !== 0) return;
    // The proof that it was reached.
    if (process.env.FAILPOINT_LOG) appendFileSync(process.env.FAILPOINT_LOG, `${at}\n`);
    process.kill(process.pid, signal);
  });
