// Programs that must not outlive whoever started them: one listener for all, however many run beside each other.
import type { ChildProcess } from 'node:child_process';

const running = new Set<ChildProcess>();

/** However this process ends, the child is killed then; what has ended is forgotten. */
export function endsWithUs(child: ChildProcess): void {
  if (running.size === 0) process.once('exit', killAll);
  running.add(child);
  child.once('exit', () => forget(child));
  child.once('error', () => forget(child));
}

function forget(child: ChildProcess): void {
  if (running.delete(child) && running.size === 0) process.removeListener('exit', killAll);
}

function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}
