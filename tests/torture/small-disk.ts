// A disk that takes no more: a small file system of its own, or, where nobody may mount one, a limit on what files hold.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface SmallDisk {
  /** How it is done, in words. */
  readonly how: string;
  /** From now on nothing more can be written. `pids`: who writes there, and begets others who do. */
  fill(pids: () => number[]): string;
  free(): void;
  /** When whoever wrote there has ended. */
  remove(): void;
}

/** Makes the folder a disk of this size. Undefined where neither way is open; TORTURE_DISK=limit takes the second one. */
export function smallDisk(place: string, megabytes: number): SmallDisk | undefined {
  mkdirSync(place, { recursive: true });
  return (process.env.TORTURE_DISK === 'limit' ? undefined : mounted(place, megabytes)) ?? limited();
}

function mounted(place: string, megabytes: number): SmallDisk | undefined {
  const done = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', place]);
  if (done.status !== 0) return undefined;
  chmodSync(place, 0o755);
  const ballast = path.join(place, 'ballast');
  return {
    how: `a file system of ${megabytes} MB, filled to the last byte`,
    fill() {
      const { bavail, bsize } = statfsSync(place);
      writeFileSync(ballast, Buffer.alloc(bavail * bsize));
      return `took ${Math.round((bavail * bsize) / 2 ** 20)} MB`;
    },
    free: () => rmSync(ballast, { force: true }),
    remove: () => void spawnSync('umount', ['-l', place]),
  };
}

/** Every file may hold so much: what is longer cannot be written, and the server hears it as it hears of a full disk. */
const leastBytes = 4_096;

function limited(): SmallDisk | undefined {
  if (spawnSync('prlimit', ['--version']).status !== 0) return undefined;
  let limitedOnes: number[] = [];
  const limit = (pids: readonly number[], bytes: number | 'unlimited') =>
    pids.filter((pid) => set(pid, bytes));
  return {
    how: 'no right to mount: a limit on the length of files',
    fill(pids) {
      limitedOnes = limit(pids().flatMap(family), leastBytes);
      if (limitedOnes.length === 0) throw new Error('prlimit does not work here');
      return `limited ${limitedOnes.length} processes`;
    },
    free: () => void limit(limitedOnes, 'unlimited'),
    remove: () => {},
  };
}

/** As the user whose process it is: even root may not always limit another’s. */
function set(pid: number, bytes: number | 'unlimited'): boolean {
  try {
    const { uid, gid } = statSync(`/proc/${pid}`);
    return spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`], { uid, gid }).status === 0;
  } catch {
    // It has ended.
    return false;
  }
}

function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [pid, ...children.map(Number)];
}
