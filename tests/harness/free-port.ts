// A port of 127.0.0.1 on which nobody listens now.
import { once } from 'node:events';
import net from 'node:net';

/**
 * Below those that the system hands out by itself: otherwise one may be somebody's before the program that it is for listens,
 * or between two lives of it. Whoever tests beside us takes theirs from elsewhere. And above 10080, the last that browsers refuse.
 */
const [lowest, each, bands] = [10_100, 2_700, 8];
const band = lowest + each * (Number(process.env.VITEST_POOL_ID ?? 0) % bands);
let given = process.pid * 97;

/** One that nobody else is given. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < each; tries++) {
    const port = band + (given++ % each);
    if (await isFree(port)) return port;
  }
  throw new Error(`all ports from ${band} to ${band + each} are taken`);
}

/** Several, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  while (found.length < count) found.push(await freePort());
  return found;
}

async function isFree(port: number): Promise<boolean> {
  const probe = net.createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch {
    return false;
  }
  await once(probe.close(), 'close');
  return true;
}
