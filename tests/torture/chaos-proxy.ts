// A TCP proxy that misbehaves on purpose: slow, deaf, rude, or deaf in one ear, in front of whatever listens.
import net from 'node:net';

/**
 * `pass` · `delay`: each piece comes that much later · `blackhole`: connections stay open and nothing moves, also on
 * those that come · `refuse`: every connection is reset, old and new · `half-open`: the far side is closed and the near
 * side never hears of it.
 */
export type Mode = 'pass' | 'blackhole' | 'refuse' | 'half-open' | { delay: number };

/** Where it leads: a port of this machine or a unix socket. May change while it runs. */
export type Target = { port: number } | { path: string };

export interface ChaosProxy {
  readonly port: number;
  lead(target: Target): void;
  be(mode: Mode): void;
  /** Resets every open connection once. */
  cut(): void;
  /** As a firewall that forgets: the far side of what is open is closed, the near side never hears of it; what comes, passes. */
  abandon(): void;
  /** As a firewall that forgets, only that neither side hears of it: nothing moves on what is open; what comes, passes. */
  deafen(): void;
  /** The next answers that hold this text, `times` in all, are swallowed and their connections reset. */
  swallow(text: string, times: number): void;
  /** How many answers were swallowed so far. */
  swallowed(): number;
  /** New connections, `times` in all, get these bytes and are closed. */
  greet(bytes: Buffer, times: number): void;
  close(): Promise<void>;
}

interface Pair {
  near: net.Socket;
  far: net.Socket;
}

/** Listens on a free port of this machine. */
export async function startChaosProxy(first: Target): Promise<ChaosProxy> {
  let target = first;
  let mode: Mode = 'pass';
  let [swallowText, swallowLeft, swallowed] = ['', 0, 0];
  let greeting: Buffer = Buffer.alloc(0);
  let greetingsLeft = 0;
  const pairs = new Set<Pair>();
  const abandoned = new WeakSet<Pair>();
  const deafened = new WeakSet<Pair>();
  // Also those that are in no pair any more: none may hold up the end.
  const accepted = new Set<net.Socket>();
  let closing = false;

  const reset = ({ near, far }: Pair) => {
    near.resetAndDestroy();
    // A unix socket knows no reset.
    far.destroy();
  };

  const server = net.createServer({ pauseOnConnect: true }, (near) => {
    near.on('error', () => near.destroy());
    accepted.add(near);
    near.on('close', () => accepted.delete(near));
    if (closing) return void near.destroy();
    if (mode === 'refuse') return void near.resetAndDestroy();
    if (greetingsLeft > 0) {
      greetingsLeft -= 1;
      // The client speaks first; what it says is of no interest.
      near.resume();
      near.once('data', () => near.end(greeting));
      return;
    }
    const far = net.connect(target);
    far.pause();
    const pair = { near, far };
    pairs.add(pair);
    const gone = () => {
      const untold =
        mode === 'half-open' || mode === 'blackhole' || abandoned.has(pair) || deafened.has(pair);
      // Those that nobody is told of are kept until both are gone, so that they can be cut and closed later.
      if (!untold || (near.destroyed && far.destroyed)) pairs.delete(pair);
      if (untold) return;
      near.destroy();
      far.destroy();
    };
    far.on('error', () => far.destroy());
    near.on('close', gone);
    far.on('close', gone);
    near.on('data', (piece) => deafened.has(pair) || pass(far, piece));
    far.on('data', (piece) => {
      if (deafened.has(pair)) return;
      if (swallowLeft > 0 && piece.includes(swallowText)) {
        swallowLeft -= 1;
        swallowed += 1;
        reset(pair);
        return;
      }
      pass(near, piece);
    });
    near.on('end', () => isDeaf() || deafened.has(pair) || far.end());
    far.on('end', () => isDeaf() || deafened.has(pair) || abandoned.has(pair) || near.end());
    flow(pair);
  });

  const isDeaf = () => mode === 'blackhole' || mode === 'half-open';

  function pass(to: net.Socket, piece: Buffer): void {
    if (isDeaf()) return;
    if (typeof mode === 'object') setTimeout(() => to.writable && to.write(piece), mode.delay);
    else if (to.writable) to.write(piece);
  }

  function flow({ near, far }: Pair): void {
    if (mode === 'blackhole') {
      near.pause();
      far.pause();
    } else {
      near.resume();
      far.resume();
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as net.AddressInfo).port,
    lead(next) {
      target = next;
    },
    be(next) {
      const before = mode;
      mode = next;
      for (const pair of pairs) {
        if (next === 'refuse') reset(pair);
        else if (next === 'half-open') pair.far.destroy();
        // What was lost in between cannot be made good: these connections are broken now.
        else if (before === 'half-open') reset(pair);
        else flow(pair);
      }
    },
    cut: () => pairs.forEach(reset),
    abandon() {
      for (const pair of pairs) {
        abandoned.add(pair);
        pair.far.destroy();
      }
    },
    deafen() {
      for (const pair of pairs) deafened.add(pair);
    },
    swallow(text, times) {
      [swallowText, swallowLeft] = [text, times];
    },
    swallowed: () => swallowed,
    greet(bytes, times) {
      greeting = bytes;
      greetingsLeft = times;
    },
    async close() {
      closing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      pairs.forEach(reset);
      // A socket that is paused keeps no process alive, and would be waited for in vain.
      for (const near of accepted) near.destroy();
      await closed;
    },
  };
}
