// Any number of programs beside each other costs one listener, and none once they have ended.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { endsWithUs } from './ends-with-us.ts';

it('listens once for all that run, and no longer than they do', async () => {
  const before = process.listenerCount('exit');
  const children = Array.from({ length: 12 }, () => {
    const child = spawn('sleep', ['60']);
    endsWithUs(child);
    return child;
  });
  expect(process.listenerCount('exit')).toBe(before + 1);
  const ends = children.map((child) => once(child, 'exit'));
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(ends);
  expect(process.listenerCount('exit')).toBe(before);
});

it('kills them when this process ends', async () => {
  const program = `
    import { spawn } from 'node:child_process';
    import { endsWithUs } from '${new URL('./ends-with-us.ts', import.meta.url).href}';
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    endsWithUs(child);
    console.log(child.pid);
    process.exit(0);`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [pid] = await once(parent.stdout, 'data');
  await once(parent, 'exit');
  await expect.poll(() => isRunning(Number(pid))).toBe(false);
});

// Whoever should have heard of its end is gone, so its number may stay.
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
